"""Replies of what listens, as JSON: what was heard, or why nothing was."""

import json
import logging
from enum import StrEnum
from typing import Any

from bot.domain.errors import ModelUnusable, SoundUnavailable, stack_of
from bot.domain.sound_ports import HeardSound
from model.errors import BundleError
from model.sound.decoded import Decoded
from model.sound.errors import ListeningFailed
from model.sound.heard import Heard


class Failure(StrEnum):
    """Kinds of errors."""

    MODEL = "model"
    """The tagger cannot be used."""
    SOUND = "sound"
    """The sound could not be heard."""
    BUG = "bug"
    """A mistake of the program, whose stack is to be logged."""


_log = logging.getLogger(__name__)


def of_sound(heard: Heard, decoded: Decoded) -> bytes:
    """Return the reply to a sound that was heard."""
    found = {"heard": heard.to_dict(), "title": decoded.title, "artist": decoded.artist}
    return json.dumps(found).encode()


def of_error(error: Exception) -> bytes:
    """Return the reply to a sound at which an error was raised."""
    match error:
        case BundleError():
            found = {"error": Failure.MODEL, "reason": str(error)}
        case ListeningFailed():
            found = {"error": Failure.SOUND, "reason": str(error)}
        case MemoryError():
            found = {"error": Failure.SOUND, "reason": "there is not enough memory"}
        case _:
            found = {"error": Failure.BUG, "reason": type(error).__name__, "stack": stack_of(error)}
    return json.dumps(found).encode()


def read(reply: bytes) -> HeardSound:
    """Return what was heard.

    Raises:
        ModelUnusable: The tagger cannot be used.
        SoundUnavailable: The sound could not be heard; a mistake of the program is logged.
    """
    found: dict[str, Any] = json.loads(reply)
    match found.get("error"):
        case None:
            heard = Heard.from_dict(found["heard"])
            return HeardSound(heard, found["title"], found["artist"])
        case Failure.MODEL:
            raise ModelUnusable(found["reason"])
        case Failure.BUG:
            _log.error("listening failed: %s", found["stack"])
    raise SoundUnavailable("listening", found["reason"])
