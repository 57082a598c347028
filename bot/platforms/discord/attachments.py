"""Sound files and voice messages among the attachments of messages."""

from collections.abc import Iterable
from typing import NamedTuple, Self

import discord

from bot.domain.sound_files import may_be_sound


class SoundFile(NamedTuple):
    """An attachment, as Discord describes it.

    Attributes:
        id: Its id.
        name: Its name.
        url: Its address, which is valid for about a day.
        size: Its length in bytes.
    """

    id: str
    name: str
    url: str
    size: int

    @classmethod
    def of(cls, attachment: discord.Attachment) -> Self:
        """Return what is needed of an attachment."""
        return cls(str(attachment.id), attachment.filename, attachment.url, attachment.size)


class Attached(NamedTuple):
    """What is attached to a message.

    Attributes:
        sounds: Files that may be sound.
        has_voice_message: Whether there is a voice message, which is none of `sounds`.
        is_spoiler: Whether one of `sounds` is hidden until a reader asks to see it.
    """

    sounds: tuple[SoundFile, ...] = ()
    has_voice_message: bool = False
    is_spoiler: bool = False


NOTHING = Attached()


def attached_to(parts: Iterable[discord.Message | discord.MessageSnapshot]) -> Attached:
    """Return what is attached to the parts of a message, as `reading.parts_of` returns them."""
    sounds: dict[str, SoundFile] = {}
    has_voice_message = is_spoiler = False
    for part in parts:
        if is_voice_message(part):
            has_voice_message = True
            continue
        found = [one for one in part.attachments if may_be_sound(one.filename, one.content_type)]
        is_spoiler |= any(one.is_spoiler() for one in found)
        sounds |= {file.id: file for file in map(SoundFile.of, found)}
    return Attached(tuple(sounds.values()), has_voice_message, is_spoiler)


def is_voice_message(part: discord.Message | discord.MessageSnapshot) -> bool:
    """Return whether a message was spoken: such a message has no other content."""
    return part.flags.voice or any(one.is_voice_message() for one in part.attachments)
