"""Slack's failures: which to retry, and which may have been processed all the same."""

from http import HTTPStatus
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.api import RATE_LIMITED, UNPROCESSED

FAILURES: Final = (SlackClientError, aiohttp.ClientError, OSError, TimeoutError)
"""Exceptions of failed requests, including those of the connection."""

INVALID_BLOCKS: Final = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"}
)
MAX_RATE_LIMIT_WAIT: Final = 60
"""Seconds that a request may wait for a rate limit; beyond that it fails."""

MAX_RETRIES: Final = 3
RETRIED_STATUSES: Final = frozenset(
    {HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE}
)

POST_MESSAGE: Final = "/chat.postMessage"
VISIBLE_METHODS: Final = (POST_MESSAGE, "/files.completeUploadExternal")
"""Methods that display something; if repeated, it is displayed twice."""


class ResponseUrlRejected(SlackClientError):
    """A `response_url` did not accept a reply; `status` is its HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


def error_code(error: BaseException) -> str:
    """Return Slack's code of an error, else the name of its class."""
    if isinstance(error, ResponseUrlRejected):
        return str(error)
    return _api_code(error) or type(error).__name__


def is_refusal(error: BaseException) -> bool:
    """Return whether Slack answered and refused: a repeated request would be refused, too."""
    if isinstance(error, ResponseUrlRejected):
        is_server_error = error.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        return not is_server_error and error.status != HTTPStatus.TOO_MANY_REQUESTS
    return _api_code(error) not in {None, *UNPROCESSED}


def may_be_processed(error: BaseException) -> bool:
    """Return whether Slack may have processed the request although it failed."""
    limited = _status(error) == HTTPStatus.TOO_MANY_REQUESTS or _api_code(error) in RATE_LIMITED
    return not (limited or is_refusal(error) or isinstance(error, aiohttp.ClientConnectorError))


def retry_after(error: BaseException) -> float:
    """Return the seconds that Slack asks to wait; 0 if it does not."""
    if isinstance(error, SlackApiError) and _status(error) == HTTPStatus.TOO_MANY_REQUESTS:
        return _retry_after(dict(error.response.headers)) or 0
    return 0


def with_retries(client: AsyncWebClient) -> AsyncWebClient:
    """Let a client wait for rate limits within bounds and retry idempotent requests."""
    client.retry_handlers = [
        *retry_handlers_for_posts(),
        IdempotentRetryHandler(max_retry_count=MAX_RETRIES),
    ]
    return client


def retry_handlers_for_posts() -> list[AsyncRetryHandler]:
    """Return handlers that retry only requests that Slack has certainly not processed."""
    not_connected: list[type[Exception]] = [aiohttp.ClientConnectorError]
    return [
        AsyncConnectionErrorRetryHandler(max_retry_count=MAX_RETRIES, error_types=not_connected),
        BoundedRateLimitRetryHandler(max_retry_count=MAX_RETRIES),
    ]


def _api_code(error: BaseException) -> str | None:
    """Return the code in Slack's reply; None if a proxy replied, or nothing did."""
    if not isinstance(error, SlackApiError):
        return None
    reply = getattr(error.response, "data", None)
    code = reply.get("error") if isinstance(reply, dict) else None
    return code if isinstance(code, str) else None


def _status(error: BaseException) -> int | None:
    if isinstance(error, ResponseUrlRejected):
        return error.status
    return getattr(getattr(error, "response", None), "status_code", None)


def _retry_after(headers: dict[str, str]) -> int | None:
    """Return the seconds in a Retry-After header, 1 without one; None if it is not a number."""
    value = {name.lower(): value for name, value in headers.items()}.get("retry-after", "1")
    return int(value) if value.isdecimal() else None


class IdempotentRetryHandler(AsyncRetryHandler):
    """Retries requests without a reply if repeating them makes no difference."""

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        del state
        if request.url.endswith(VISIBLE_METHODS):
            return False
        failed = response is not None and response.status_code in RETRIED_STATUSES
        return failed or isinstance(error, (aiohttp.ServerConnectionError, aiohttp.ClientOSError))


class BoundedRateLimitRetryHandler(AsyncRateLimitErrorRetryHandler):
    """Waits as long as Slack asks, up to MAX_RATE_LIMIT_WAIT; not for chat.postMessage.

    `Posting` waits for that one, without holding its channel's lock.
    """

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        del state, error
        if response is None or response.status_code != HTTPStatus.TOO_MANY_REQUESTS:
            return False
        if request.url.endswith(POST_MESSAGE):
            return False
        seconds = _retry_after({name: value[0] for name, value in response.headers.items()})
        return seconds is not None and seconds <= MAX_RATE_LIMIT_WAIT
