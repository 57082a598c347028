"""What a message asks the bot: its links and files, read by the manners of the chat.

A person tells the bot to leave a link alone by angle brackets, which also remove Discord's own
preview, by writing it as code, or by a mark at the beginning of the message. Where the bot is
addressed, all links count.
"""

from dataclasses import dataclass, replace
from typing import Self

import discord

from bot.domain import links
from bot.domain.places import Message
from bot.domain.silence import is_silenced
from bot.platforms.discord import ids, markup, reading
from bot.platforms.discord.attachments import NOTHING, Attached, attached_to


@dataclass(frozen=True, slots=True)
class Question:
    """A message that may ask for something.

    Attributes:
        message: The message; its text has the links that are to be answered, and others.
        addressed: Whether it mentions the bot or is a direct message.
        attached: Its sound files and voice messages.
    """

    message: Message
    addressed: bool
    attached: Attached = NOTHING

    @property
    def has_links(self) -> bool:
        """Whether there are links to answer."""
        return bool(links.find(self.message.text).links)

    def with_links_alone(self) -> Self:
        """Return the same question with the links of its message as the whole text."""
        text = links.as_text(links.find(self.message.text))
        return replace(self, message=replace(self.message, text=text))

    def asked_by(self, author: Message) -> Self:
        """Return the same question, asked by the author of another message."""
        message = replace(self.message, user=author.user, roles=author.roles)
        return replace(self, message=message)


def question_of(source: discord.Message, bot: discord.ClientUser | None) -> Question:
    """Return what a message asks `bot`."""
    mentioned = reading.mentions(source, bot)
    addressed = mentioned or source.guild is None
    parts = reading.parts_of(source, with_reference=mentioned)
    contents = [part.content for part in parts]
    attached = attached_to(parts)
    if not addressed and is_silenced(source.content):
        contents, attached = [], NOTHING
    read = contents if addressed else map(markup.spoken, contents)
    message = replace(
        ids.message(source, "\n".join(read)),
        roles=_roles(source.author),
        is_spoiler=attached.is_spoiler or any(map(markup.hides_link, contents)),
    )
    return Question(message, addressed, attached)


def _roles(author: discord.User | discord.Member) -> frozenset[str]:
    """Return the ids of a member's roles, without the one that everyone has."""
    roles = author.roles if isinstance(author, discord.Member) else ()
    return frozenset(str(role.id) for role in roles if not role.is_default())
