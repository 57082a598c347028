"""Reads bodies of requests within limits of size, time and memory.

Nothing is decompressed: the server passes `auto_decompress=False` to aiohttp, and a request with a
Content-Encoding is refused before its body is read.
"""

import asyncio
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web

from bot.platforms.http import connections
from bot.platforms.http.refusals import Refused
from bot.texts import http as words

MAX_BYTES_AT_ONCE: Final = 16 << 20
"""Bytes of all bodies together that a server holds before their requests are accepted."""

SMALL_BYTES: Final = 64 << 10
"""Bytes up to which a body is small: most of Slack's have a few thousand."""

SMALL_SHARE: Final = 4
"""Longer bodies together leave this fraction of the bytes to small ones."""

ENDED_SHARE: Final = 8
"""If bodies are too long together, this fraction of the bytes is freed. To look through thousands
of bodies for each piece that arrives would take too long.
"""


class Held:
    """The bytes that are held of a body that is being read."""

    def __init__(self, budget: "Budget", since: float, on_ended: Callable[[], object]) -> None:
        self.since = since
        self.count = 0
        self.is_ended = False
        self._budget = budget
        self._on_ended = on_ended

    def take(self, count: int) -> None:
        """Hold more bytes; raise Refused if the body is given up for others."""
        if not self.is_ended:
            self._budget.add(self, count)
        if self.is_ended:
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, words.TOO_MANY)

    def end(self) -> None:
        """Give the body up."""
        self.is_ended = True
        self._budget.add(self, -self.count)
        self._on_ended()


class Budget:
    """Counts the bytes of bodies that are being read, and gives some up for others.

    Strangers can send bodies that never end, so a body is not refused because others hold all
    bytes. Those are given up that have held the most bytes for the longest time (their product):
    one that arrives at once, as Slack's do, is hardly ever among them.

    Args:
        max_bytes: Bytes of all bodies together.
        small_bytes: Bytes up to which a body is small.
    """

    def __init__(self, max_bytes: int = MAX_BYTES_AT_ONCE, small_bytes: int = SMALL_BYTES) -> None:
        self._limit = max_bytes
        self._large_limit = max_bytes - max_bytes // SMALL_SHARE
        self._small_bytes = small_bytes
        self._held: set[Held] = set()
        self.used = 0
        self._used_by_large = 0

    @contextmanager
    def reserve(self, on_ended: Callable[[], object]) -> Iterator[Held]:
        """Yield what is held of a body; give its bytes back at the end.

        Args:
            on_ended: Called if the body is given up, which may be for the bytes of another.
        """
        held = Held(self, asyncio.get_running_loop().time(), on_ended)
        self._held.add(held)
        try:
            yield held
        finally:
            self._held.discard(held)
            self.add(held, -held.count)

    def add(self, held: Held, count: int) -> None:
        """Add to what is held of a body; give bodies up if they are too long together."""
        self._used_by_large -= self._large(held)
        held.count += count
        self.used += count
        self._used_by_large += self._large(held)
        if count > 0 and self._used_by_large > self._large_limit:
            self._end_some(self._used_by_large - self._large_limit, self._large)
        if count > 0 and self.used > self._limit:
            self._end_some(self.used - self._limit, lambda one: one.count)

    def _large(self, held: Held) -> int:
        return held.count if held.count > self._small_bytes else 0

    def _end_some(self, excess: int, size: Callable[[Held], int]) -> None:
        """Give up the bodies with the most byte seconds until somewhat more than needed is free."""
        now = asyncio.get_running_loop().time()
        excess += self._limit // ENDED_SHARE
        bodies = [held for held in self._held if size(held)]
        for held in sorted(bodies, key=lambda one: (-one.count * (now - one.since), -one.count)):
            if excess <= 0:
                return
            excess -= held.count
            held.end()


BUDGET: Final = web.AppKey("budget", Budget)
"""Where an application has its budget."""


def check_head(request: web.Request, content_types: Collection[str], max_bytes: int) -> None:
    """Refuse a request by its headers: its encoding, content type or length.

    Args:
        request: The request, whose body has not been read.
        content_types: Accepted content types.
        max_bytes: Maximum length of the body.

    Raises:
        Refused: With status 415 or 413.
    """
    if request.headers.get(hdrs.CONTENT_ENCODING, "identity").strip().lower() != "identity":
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, words.COMPRESSED)
    if request.content_type not in content_types:
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, words.CONTENT_TYPE)
    if (request.content_length or 0) > max_bytes:
        raise too_long(max_bytes)


async def read(
    request: web.Request,
    max_bytes: int,
    seconds: float,
    each: Callable[[bytes], object] = lambda _: None,
) -> bytes:
    """Return a body.

    Args:
        request: The request, of an application with a `BUDGET`.
        max_bytes: Maximum length; a body without Content-Length is read up to it.
        seconds: Time for the whole body to arrive.
        each: Called with each piece.

    Raises:
        Refused: With status 413, 408, 503 (given up for others), or 400 (malformed chunks, or the
            client has gone).
    """
    body = bytearray()
    time = asyncio.timeout(seconds)

    def stop() -> None:
        if not time.expired():
            time.reschedule(0)

    with request.app[BUDGET].reserve(stop) as held, refusing(request, held):
        async with time:
            with connections.state(request, busy=False):
                while piece := await request.content.readany():
                    if len(body) + len(piece) > max_bytes:
                        raise too_long(max_bytes)
                    held.take(len(piece))
                    each(piece)
                    body += piece
    return bytes(body)


@contextmanager
def refusing(request: web.Request, held: Held | None = None) -> Iterator[None]:
    """Convert what ends the reading of a body to Refused; `held` is what is held of it."""
    try:
        yield
    except TimeoutError:
        if held and held.is_ended:
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, words.TOO_MANY) from None
        raise Refused(HTTPStatus.REQUEST_TIMEOUT, words.TOO_SLOW) from None
    except web.RequestPayloadError:
        raise Refused(HTTPStatus.BAD_REQUEST, words.MALFORMED) from None
    except (ConnectionError, RuntimeError) as error:
        # aiohttp raises RuntimeError if the client had gone before the first piece was awaited.
        if isinstance(error, RuntimeError) and request.transport is not None:
            raise
        raise Refused(HTTPStatus.BAD_REQUEST, words.CUT_SHORT) from None


def too_long(max_bytes: int) -> Refused:
    """Return the refusal of a body of more than `max_bytes`."""
    return Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, words.too_long(max_bytes))
