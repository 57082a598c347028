"""One way to ask a service on the web: bounded time, bounded size, typed errors, no sleeping."""

import json
import logging
import math
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final

import aiohttp

from bot.domain.errors import BadReply, Forbidden, Unavailable

TIMEOUT: Final = aiohttp.ClientTimeout(total=4, connect=2.5)
MOST_BYTES: Final = 1 << 20
LONGEST_PAUSE: Final = 24 * 3600.0
DEFAULT_PAUSE: Final = 30.0
USER_AGENT: Final = "Soundslike/1 (music chat bot)"

UNKNOWN: Final = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.GONE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
)
"""What a service says of an id that it cannot know."""

FORBIDDEN: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})

_log = logging.getLogger(__name__)


class HttpService:
    """One service's JSON endpoints under `base`.

    After a 429 nothing is asked until its Retry-After is over: calling during a pause lengthens it.
    """

    def __init__(
        self,
        name: str,
        base: str,
        session: aiohttp.ClientSession,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self._base = base.rstrip("/")
        self._session = session
        self._timeout = timeout
        self._monotonic = monotonic
        self._closed_until = 0.0

    async def get(self, path: str, **params: str) -> Any:
        """Return the JSON at `path`, None where the service does not know what was asked for.

        Raises Unavailable for everything else: no connection, no time, 429, 5xx, no JSON.
        """
        pause = self._closed_until - self._monotonic()
        if pause > 0:
            raise Unavailable(self.name, "asked us to wait", retry_after=pause)
        try:
            async with self._session.get(
                self._base + path,
                params=params,
                timeout=self._timeout,
                allow_redirects=False,
                headers={"User-Agent": USER_AGENT, "Accept": "application/json"},
            ) as response:
                if response.status in UNKNOWN:
                    return None
                self._refuse(response.status, response.headers)
                reply = json.loads(await read_at_most(response, MOST_BYTES))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            # Its text may hold the whole address, and with it what somebody searched for.
            raise Unavailable(self.name, type(error).__name__) from error
        except (ValueError, RecursionError) as error:
            raise BadReply(self.name, "sent what is no JSON") from error
        if reply is None:
            raise self.malformed("null")
        return reply

    def malformed(self, why: object) -> BadReply:
        """Return the error for JSON of another shape than expected, and log it once here."""
        _log.warning("%s sent an unexpected reply: %s", self.name, why)
        return BadReply(self.name, "sent an unexpected reply")

    def _refuse(self, status: int, headers: Mapping[str, str]) -> None:
        if status == HTTPStatus.OK:
            return
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            pause = retry_after(headers.get("Retry-After"))
            self._closed_until = self._monotonic() + pause
            _log.warning("%s allows no more requests for %.0f s", self.name, pause)
            raise Unavailable(self.name, "too many requests", retry_after=pause)
        if status in FORBIDDEN:
            raise Forbidden(self.name, f"status {status}")
        raise Unavailable(self.name, f"status {status}")


def retry_after(header: str | None) -> float:
    """Read a Retry-After header, seconds or a date, as seconds from now, at most a day."""
    if header is None:
        return DEFAULT_PAUSE
    try:
        seconds = float(header)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(header).timestamp() - time.time()
        except ValueError:
            return DEFAULT_PAUSE
    return DEFAULT_PAUSE if math.isnan(seconds) else min(max(seconds, 0.0), LONGEST_PAUSE)


async def read_at_most(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """Read a body; raises ValueError when it is longer than `limit` bytes."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > limit:
            raise ValueError(f"more than {limit} bytes")
    return bytes(body)
