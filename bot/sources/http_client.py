"""HTTP client for JSON services: bounded time and size, typed errors, no sleeping."""

import json
import math
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final

import aiohttp

from bot.domain.errors import BadReply, Forbidden, Unavailable
from bot.sources.circuit_breaker import CircuitBreaker
from bot.sources.replies import FORBIDDEN_STATUSES, UNKNOWN_STATUSES, malformed

TIMEOUT: Final = aiohttp.ClientTimeout(total=4, connect=2.5)
MAX_BODY_BYTES: Final = 1 << 20
MAX_RETRY_AFTER: Final = 24 * 3600.0
DEFAULT_RETRY_AFTER: Final = 30.0
USER_AGENT: Final = "Soundslike/1 (music chat bot)"


class HttpService:
    """JSON endpoints of one service under `base`.

    After a 429 no request is sent until its Retry-After has passed, as requests within that time
    prolong it.
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
        self._breaker = CircuitBreaker(name, monotonic)

    async def get(self, path: str, **params: str) -> Any:
        """Return the JSON at `path`; None if the service does not know what was requested.

        Raises:
            Forbidden: Status 401 or 403.
            BadReply: The body is not JSON, or null.
            Unavailable: No connection, time-out, status 429 or 5xx.
        """
        self._breaker.check()
        try:
            async with self._session.get(
                self._base + path,
                params=params,
                timeout=self._timeout,
                allow_redirects=False,
                headers={"User-Agent": USER_AGENT, "Accept": "application/json"},
            ) as response:
                if response.status in UNKNOWN_STATUSES:
                    return None
                self._check_status(response.status, response.headers)
                reply = await read_json(self.name, response)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            # The message may contain the address, and with it a person's search text.
            raise Unavailable(self.name, type(error).__name__) from error
        if reply is None:
            raise self.malformed("null")
        return reply

    def malformed(self, reason: object) -> BadReply:
        """Log JSON of an unexpected shape and return the error for it."""
        return malformed(self.name, reason)

    def _check_status(self, status: int, headers: Mapping[str, str]) -> None:
        if status == HTTPStatus.OK:
            return
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            seconds = retry_after(headers.get("Retry-After"))
            self._breaker.open(seconds, "too many requests")
            raise Unavailable(self.name, "too many requests", retry_after=seconds)
        if status in FORBIDDEN_STATUSES:
            raise Forbidden(self.name, f"status {status}")
        raise Unavailable(self.name, f"status {status}")


def retry_after(header: str | None) -> float:
    """Return the seconds that a Retry-After header names, as a number or a date.

    At most MAX_RETRY_AFTER; DEFAULT_RETRY_AFTER without a valid header.
    """
    if header is None:
        return DEFAULT_RETRY_AFTER
    try:
        seconds = float(header)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(header).timestamp() - time.time()
        except ValueError:
            return DEFAULT_RETRY_AFTER
    return DEFAULT_RETRY_AFTER if math.isnan(seconds) else min(max(seconds, 0.0), MAX_RETRY_AFTER)


async def read_json(service: str, response: aiohttp.ClientResponse) -> Any:
    """Return a response's JSON; raise BadReply if it is malformed or over MAX_BODY_BYTES."""
    try:
        return json.loads(await read_bounded(response, MAX_BODY_BYTES))
    except (ValueError, RecursionError) as error:
        raise BadReply(service, "sent no valid JSON") from error


async def read_bounded(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    """Return a response's body; raise ValueError if it has more than `max_bytes`."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > max_bytes:
            raise ValueError(f"more than {max_bytes} bytes")
    return bytes(body)
