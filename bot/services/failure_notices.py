"""Where an error ends: one log line for the operator, one sentence for the chat."""

import logging
from collections.abc import Awaitable
from typing import TypeVar

from bot import texts
from bot.domain.cards import Notice, Reply
from bot.domain.errors import SoundslikeError, trace

_log = logging.getLogger(__name__)
T = TypeVar("T", bound=Reply)
U = TypeVar("U")


def notice(error: SoundslikeError, about: str) -> Notice:
    """Log an error with its cause, and put it into words; `about` names the message or card."""
    cause = f" ({type(error.__cause__).__name__})" if error.__cause__ else ""
    _log.info("%s: %s: %s%s", about, type(error).__name__, error, cause)
    return Notice(error.code, texts.failure(error))


async def or_notice(work: Awaitable[T], about: str) -> T | Notice:
    """Await a reply; whatever goes wrong becomes a notice, since a chat never sees a stack."""
    try:
        return await work
    except SoundslikeError as error:
        return notice(error, about)
    except Exception as error:  # noqa: BLE001 - the last line before a chat
        _log.error("%s: failed: %s", about, trace(error))
        return Notice("unavailable", texts.TRY_AGAIN)


async def or_none(work: Awaitable[U], about: str) -> U | None:
    """Await something that can be done without; None when our own kind of trouble prevents it."""
    try:
        return await work
    except SoundslikeError as error:
        notice(error, about)
        return None
