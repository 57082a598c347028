"""Errors of listening."""

from enum import StrEnum

from model.errors import ModelError


class Problem(StrEnum):
    """Why a file cannot be listened to."""

    EMPTY = "empty"
    """It has no bytes, or no samples."""
    TOO_BIG = "too_big"
    TOO_LONG = "too_long"
    TOO_SHORT = "too_short"
    """What can be decoded of it is too short to tell anything."""
    DAMAGED = "damaged"
    """It begins as a known format does, but cannot be decoded within the limits."""
    PROTECTED = "protected"
    """It is encrypted (DRM)."""
    PLAYLIST = "playlist"
    """It is a list of addresses or file names."""
    NOT_INSTALLED = "not_installed"
    """The library that reads its format is an extra, and is not installed."""
    NOT_SOUND = "not_sound"
    """It is of another format, or has no sound."""
    MISSING = "missing"
    """There is no such file, or not any more."""
    UNREADABLE = "unreadable"
    """The system does not let it be read."""
    NO_PERMISSION = "no_permission"
    """A chat does not let the bot read files, which its operator can change."""
    NOT_VISIBLE = "not_visible"
    """A chat does not let the bot see this file."""
    ELSEWHERE = "elsewhere"
    """It is kept by a service from which nothing is fetched."""


class NotAudio(ModelError):
    """A file cannot be listened to.

    Attributes:
        problem: Why.
        format: Its format, such as `m4a`, if it is known.
        limit: Bytes that it may have at most, if it is too big for a limit other than that of files
            that are sent to the bot.
    """

    def __init__(self, problem: Problem, format_: str = "", limit: int | None = None) -> None:
        """Store the reason."""
        super().__init__(f"not audio: {problem.value} {format_}".rstrip())
        self.problem = problem
        self.format = format_
        self.limit = limit


class NoSoundFiles(ModelError):
    """A folder does not exist, or has no sound files."""


class ListeningFailed(ModelError):
    """The networks cannot be run, or the process that runs them ended."""
