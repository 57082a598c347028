"""Converts errors into notices: one log line for the operator, one sentence for the person."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, TypeVar

from bot import texts
from bot.concurrency.backoff import Backoff
from bot.domain.errors import (
    SoundslikeError,
    StorageFailed,
    Unavailable,
    UserFacing,
    stack_of,
)
from bot.domain.replies import Choice, Notice, NoticeKind

FIRST_RETRY: Final = 0.5
LAST_RETRY: Final = 10.0
"""Seconds between attempts while the database fails."""

_log = logging.getLogger(__name__)
T = TypeVar("T")


Offer = Callable[[], Awaitable[Sequence[Choice]]]
"""Returns songs that can be answered without the music services."""


def failure_notice(
    error: SoundslikeError, about: str, song: str = "", choices: Sequence[Choice] = ()
) -> Notice:
    """Log an error with its cause and return the sentence for it.

    What the operator must mend is logged at a higher level than a question without an answer; of
    that, the kind alone is logged, as the error may name what was asked for.

    Args:
        error: The error.
        about: Names the message or card in the log line.
        song: Link or words of the song that was asked for; not logged.
        choices: Songs to offer instead.
    """
    cause = f" ({type(error.__cause__).__name__})" if error.__cause__ else ""
    reason = "" if isinstance(error, UserFacing) else f": {error}"
    _log.log(_level(error), "%s: %s%s%s", about, type(error).__name__, reason, cause)
    sentence = texts.failure(error, error.song or song, offered=bool(choices))
    return Notice(error.kind, sentence, tuple(choices))


def _level(error: SoundslikeError) -> int:
    if isinstance(error, UserFacing):
        return logging.INFO
    return logging.WARNING if isinstance(error, Unavailable) else logging.ERROR


async def reply_or_notice(
    work: Awaitable[T], about: str, song: str = "", offer: Offer | None = None
) -> T | Notice:
    """Return the awaited reply; every exception becomes a notice, except for StorageFailed.

    A caller that can repeat its work does so when the database works again. `about` and `song`
    as in `failure_notice`; `offer` is called if the music services cannot be asked.
    """
    try:
        return await work
    except StorageFailed:
        raise
    except SoundslikeError as error:
        offered = await offer() if offer and isinstance(error, Unavailable) else ()
        return failure_notice(error, about, song, offered)
    except Exception as error:  # noqa: BLE001 - the outermost handler of a request
        _log.error("%s: failed: %s", about, stack_of(error))
        return Notice(NoticeKind.UNAVAILABLE, texts.TRY_AGAIN)


async def value_or_none(work: Awaitable[T], about: str) -> T | None:
    """Return the awaited value, or None after a SoundslikeError, which is logged.

    For work whose failure does not prevent a reply.
    """
    try:
        return await work
    except SoundslikeError as error:
        failure_notice(error, about)
        return None


async def until_stored(write: Callable[[], Awaitable[T]], about: str) -> T:
    """Write to the database, again and again while it fails; return what `write` returns."""
    backoff = Backoff(FIRST_RETRY, LAST_RETRY)
    while True:
        try:
            return await write()
        except StorageFailed as error:
            _log.info("%s: the database is asked again: %s", about, error)
            await asyncio.sleep(backoff.next_delay())


@contextmanager
def logged(about: str) -> Iterator[None]:
    """Log a failure of the database, after which work goes on without what the block does."""
    try:
        yield
    except StorageFailed as error:
        _log.warning("%s: the inbox cannot be changed now: %s", about, error)
