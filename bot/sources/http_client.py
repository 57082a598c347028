"""HTTP client for JSON services: bounded time and size, typed errors, no sleeping."""

import json
import logging
import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final

import aiohttp

from bot.domain.errors import BadReply, Forbidden, Unavailable
from bot.sources.circuit_breaker import CircuitBreaker

TIMEOUT: Final = aiohttp.ClientTimeout(total=4, connect=2.5)
MAX_BODY_BYTES: Final = 1 << 20
MAX_RETRY_AFTER: Final = 24 * 3600.0
DEFAULT_RETRY_AFTER: Final = 30.0
USER_AGENT: Final = "Soundslike/1 (music chat bot)"

UNKNOWN_STATUSES: Final = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.GONE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
)
"""Statuses with which services reply to an id that they do not know."""

FORBIDDEN_STATUSES: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})

_log = logging.getLogger(__name__)


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
            BadReply: The body is not JSON, null, or longer than MAX_BODY_BYTES.
            Unavailable: No connection, time-out, any other status, or the circuit breaker is open.
        """
        self._breaker.check()
        with connection_errors(self.name):
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
                return await read_json(self.name, response)

    def malformed(self, reason: object) -> BadReply:
        """Log JSON of an unexpected shape and return the error for it."""
        return malformed(self.name, reason)

    def _check_status(self, status: int, headers: Mapping[str, str]) -> None:
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            seconds = retry_after(headers.get("Retry-After"))
            self._breaker.open(seconds, "too many requests")
            raise Unavailable(self.name, "too many requests", retry_after=seconds)
        if status in FORBIDDEN_STATUSES:
            raise Forbidden(self.name, f"answered with status {status}")


@contextmanager
def connection_errors(service: str) -> Iterator[None]:
    """Raise Unavailable for errors of the connection, time-outs and invalid addresses."""
    try:
        yield
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        # The message may contain the address, and with it a person's search text.
        raise Unavailable(service, f"cannot be reached ({type(error).__name__})") from error


def malformed(service: str, reason: object) -> BadReply:
    """Log a reply of an unexpected shape and return the error for it."""
    _log.warning("%s: unexpected reply: %s", service, reason)
    return BadReply(service, "sent an unexpected reply")


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
    """Return the JSON of a response with status 200.

    Raises:
        BadReply: The body is not JSON, null, or longer than MAX_BODY_BYTES.
        Unavailable: Any other status.
    """
    if response.status != HTTPStatus.OK:
        raise Unavailable(service, f"answered with status {response.status}")
    try:
        reply = json.loads(await read_bounded(response, MAX_BODY_BYTES))
    except (ValueError, RecursionError) as error:
        raise BadReply(service, "sent no valid JSON") from error
    if reply is None:
        raise malformed(service, "null")
    return reply


async def read_bounded(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    """Return a response's body; raise ValueError if it has more than `max_bytes`."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > max_bytes:
            raise ValueError(f"more than {max_bytes} bytes")
    return bytes(body)
