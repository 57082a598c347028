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


class Budget:
    """Counts the bytes of bodies that are being read."""

    def __init__(self, max_bytes: int = MAX_BYTES_AT_ONCE) -> None:
        self._left = max_bytes

    @contextmanager
    def reserve(self) -> Iterator[Callable[[int], None]]:
        """Yield a function that takes bytes, or raises Refused; give them back at the end."""
        taken = 0

        def take(count: int) -> None:
            nonlocal taken
            if count > self._left:
                raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, words.TOO_MANY)
            self._left -= count
            taken += count

        try:
            yield take
        finally:
            self._left += taken


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
        raise _too_long(max_bytes)


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
        Refused: With status 413, 408, 503 (the budget is used up), or 400 (malformed chunks, or the
            client has gone).
    """
    body = bytearray()
    try:
        with request.app[BUDGET].reserve() as take, connections.state(request, busy=False):
            async with asyncio.timeout(seconds):
                while piece := await request.content.readany():
                    if len(body) + len(piece) > max_bytes:
                        raise _too_long(max_bytes)
                    take(len(piece))
                    each(piece)
                    body += piece
    except TimeoutError:
        raise Refused(HTTPStatus.REQUEST_TIMEOUT, words.TOO_SLOW) from None
    except web.RequestPayloadError:
        raise Refused(HTTPStatus.BAD_REQUEST, words.MALFORMED) from None
    except (ConnectionError, RuntimeError) as error:
        # aiohttp raises RuntimeError if the client had gone before the first piece was awaited.
        if isinstance(error, RuntimeError) and request.transport is not None:
            raise
        raise Refused(HTTPStatus.BAD_REQUEST, words.CUT_SHORT) from None
    return bytes(body)


def _too_long(max_bytes: int) -> Refused:
    return Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, words.too_long(max_bytes))
