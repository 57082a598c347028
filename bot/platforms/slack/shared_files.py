"""Sound files and voice messages among the files of a message; a job holds their ids."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, Final

from bot.domain.sound_files import may_be_sound

MAX_FILES: Final = 10
"""Files of a message that are looked at; Slack allows no more."""

VOICE: Final = "slack_audio"
VOICE_NAME: Final = "audio_message"
"""Subtype and name of recordings made in Slack; their media type is empty or `video/…`."""

GONE: Final = frozenset({"tombstone", "hidden_by_limit"})
"""Modes of files that were deleted, or are hidden in a workspace without a paid plan."""

UNTOLD: Final = "check_file_info"
"""Access to a file of another organisation (Slack Connect), of which an event has the id only."""

Json = Mapping[str, Any]


def payload_of(message: Json, *, asked: bool = False) -> dict[str, Any]:
    """Return the part of a job's payload that is about the files of a message.

    Args:
        message: The message.
        asked: Whether a person asked about it. Then a file that is gone counts as sound, so that
            the person learns that it is gone.

    Returns:
        `files`: ids of files that may be sound; `unknown_files`: those of them of which nothing
        but the id is known; `voice`: whether a voice message is among the files.
    """
    found = list(message.get("files") or ())[:MAX_FILES]
    unknown = [file for file in found if file.get("file_access") == UNTOLD and not is_known(file)]
    sounds = [
        file
        for file in found
        if file in unknown or is_sound(file) or (asked and is_gone(file) and not is_known(file))
    ]
    return {
        "files": [str(file["id"]) for file in sounds],
        "unknown_files": [str(file["id"]) for file in unknown],
        "voice": any(is_voice(file) for file in found),
    }


def has_files(payload: Json) -> bool:
    """Return whether a job is about files; those stored by an older version are not."""
    return bool(payload.get("files") or payload.get("voice"))


def is_known(file: Json) -> bool:
    """Return whether it is said what a file is."""
    return any(file.get(field) for field in ("mimetype", "filetype", "name", "subtype"))


def is_gone(file: Json) -> bool:
    """Return whether a file was deleted or is hidden."""
    return file.get("mode") in GONE


def is_voice(file: Json) -> bool:
    """Return whether a file is a voice message, recorded in Slack."""
    return file.get("subtype") == VOICE or PurePath(name_of(file)).stem == VOICE_NAME


def is_sound(file: Json) -> bool:
    """Return whether a file may be sound and is no voice message."""
    media = str(file.get("mimetype") or "")
    names = (name_of(file), f"sound.{file.get('filetype')}")  # Slack names the type of any file
    return not is_voice(file) and any(may_be_sound(name, media) for name in names)


def size_of(file: Json) -> int | None:
    """Return the size of a file in bytes; None if the event does not contain it."""
    size = file.get("size")
    return size if isinstance(size, int) and size >= 0 else None


def name_of(file: Json) -> str:
    """Return the name of a file; empty if it has none."""
    return str(file.get("name") or file.get("title") or "")
