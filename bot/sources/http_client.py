"""HTTP client for JSON services: bounded time and size, typed errors, within the limits."""

import json
import logging
import math
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final

import aiohttp

from bot.domain.errors import BadReply, Forbidden, Unavailable
from bot.sources.circuit_breaker import REFUSED_PAUSE
from bot.sources.guard import SourceGuard

TIMEOUT: Final = aiohttp.ClientTimeout(total=4, connect=2.5)
MAX_BODY_BYTES: Final = 1 << 20
MAX_RETRY_AFTER: Final = 24 * 3600.0
USER_AGENT: Final = "Soundslike"

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

    Hosts are named by the settings only: no redirect is followed, and no address of a reply is
    requested.

    Args:
        name: The service's name.
        base: Address that paths are appended to.
        session: The HTTP client.
        guard: Circuit breakers and limits of the service; without limits if None.
        user_agent: Value of the header User-Agent.
        proxy: Address of the proxy, if one is used.
        timeout: Time limits of a request.
    """

    def __init__(
        self,
        name: str,
        base: str,
        session: aiohttp.ClientSession,
        *,
        guard: SourceGuard | None = None,
        user_agent: str = USER_AGENT,
        proxy: str | None = None,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
    ) -> None:
        self.name = name
        self._base = base.rstrip("/")
        self._session = session
        self._guard = guard or SourceGuard(name)
        self._headers = {"User-Agent": user_agent, "Accept": "application/json"}
        self._proxy = proxy
        self._timeout = timeout
        self._last_endpoint = ContextVar[str | None](f"last endpoint of {name}", default=None)

    async def get(
        self, endpoint: str, path: str, *, headers: Mapping[str, str] | None = None, **params: str
    ) -> Any:
        """Return the JSON at `path`; None if the service does not know what was requested.

        Args:
            endpoint: Name of the circuit breaker, such as "track" or "search".
            path: Path below the service's address.
            headers: Headers besides User-Agent and Accept.
            params: The query.

        Raises:
            Forbidden: Status 401 or 403.
            BadReply: The body is not JSON, null, or longer than MAX_BODY_BYTES.
            Unavailable: No connection, time-out, any other status, the circuit breaker is open, or
                the service's limits allow no request before the caller's deadline.
        """
        return await self._ask(
            "GET", endpoint, path, params=params, timeout=self._timeout, headers=headers
        )

    async def post(
        self, endpoint: str, path: str, form: aiohttp.FormData, limits: aiohttp.ClientTimeout
    ) -> Any:
        """Send a form; return the JSON of the reply, None if the service cannot read the form.

        `limits` are the time limits. Raises as `get` does.
        """
        return await self._ask("POST", endpoint, path, data=form, timeout=limits)

    async def _ask(
        self,
        method: str,
        endpoint: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Any:
        self._last_endpoint.set(endpoint)
        async with self._guard.call(endpoint):
            with connection_errors(self.name):
                async with self._session.request(
                    method,
                    self._base + path,
                    allow_redirects=False,
                    proxy=self._proxy,
                    headers=self._headers | dict(headers or {}),
                    **options,
                ) as response:
                    self._obey_limits(response.headers)
                    if response.status in UNKNOWN_STATUSES:
                        return None
                    self._check_status(response.status, response.headers)
                    return await read_json(self.name, response)

    def malformed(self, reason: object) -> BadReply:
        """Log JSON of an unexpected shape, and return the error for it.

        Counts as a failure of the endpoint that the calling task asked last.
        """
        if endpoint := self._last_endpoint.get():
            self._guard.rejected(endpoint, "sent an unexpected reply")
        return malformed(self.name, reason)

    def rejected(self, endpoint: str, reason: str, retry_after: float | None = None) -> Unavailable:
        """Return the error for a rejection that came with status 200.

        Counts as a failure of the endpoint; if it demands a pause of `retry_after` seconds, no
        endpoint is asked within it.
        """
        self._guard.rejected(endpoint, reason, retry_after)
        return Unavailable(self.name, reason, retry_after=retry_after)

    def refused(self, reason: str) -> Forbidden:
        """Switch the service off for a time, as it refuses its caller; return the error."""
        self._guard.switch_off(REFUSED_PAUSE, reason)
        return Forbidden(self.name, reason)

    def _obey_limits(self, headers: Mapping[str, str]) -> None:
        """Delay the next requests if the reply says that none is left in this window."""
        if headers.get("X-RateLimit-Remaining") == "0":
            self._guard.hold(retry_after(headers.get("X-RateLimit-Reset-In")) or 0.0)

    def _check_status(self, status: int, headers: Mapping[str, str]) -> None:
        if pause := demanded_pause(status, headers):
            reason = "too many requests"
            seconds = self._guard.demand_pause(pause.seconds, reason)
            raise Unavailable(self.name, reason, retry_after=seconds)
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


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause that a service demands, for `seconds` if it named them."""

    seconds: float | None


def demanded_pause(status: int | None, headers: Mapping[str, str]) -> Pause | None:
    """Return the pause that a reply demands: with status 429, or 503 and a Retry-After header."""
    seconds = retry_after(headers.get("Retry-After"))
    busy = status == HTTPStatus.SERVICE_UNAVAILABLE and seconds is not None
    return Pause(seconds) if busy or status == HTTPStatus.TOO_MANY_REQUESTS else None


def retry_after(header: str | None) -> float | None:
    """Return the seconds that a Retry-After header names, as a number or a date.

    At most MAX_RETRY_AFTER; None without a valid header.
    """
    if header is None:
        return None
    try:
        seconds = float(header)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(header).timestamp() - time.time()
        except (ValueError, OverflowError):
            return None
    return None if math.isnan(seconds) else min(max(seconds, 0.0), MAX_RETRY_AFTER)


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
