"""Slack's failures: which are worth another form, and how long a rate limit is waited for."""

from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient

FAILURES: Final = (SlackClientError, aiohttp.ClientError, OSError, TimeoutError)
"""What slack_sdk raises when a request comes to nothing, also of the connection itself."""

BAD_FORM: Final = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})
AWAY: Final = frozenset(
    {"fatal_error", "internal_error", "ratelimited", "request_timeout", "service_unavailable"}
)
"""Codes by which Slack says that it did not look at the request."""

PATIENCE: Final = 60
"""Seconds that a rate limit may hold a request up; beyond that it fails."""

TRIES: Final = 3


def code(error: BaseException) -> str:
    """Return Slack's name of an error, else the class."""
    return _refused(error) or type(error).__name__


def is_refusal(error: BaseException) -> bool:
    """Say whether Slack answered, and said no: the same request would be refused again."""
    return _refused(error) not in {None, *AWAY}


def with_patience(client: AsyncWebClient) -> AsyncWebClient:
    """Let a client wait for rate limits, within reason, and try a lost connection again."""
    client.retry_handlers = [
        AsyncConnectionErrorRetryHandler(max_retry_count=TRIES),
        AsyncServerErrorRetryHandler(max_retry_count=TRIES),
        BoundedRateLimit(max_retry_count=TRIES),
    ]
    return client


def _refused(error: BaseException) -> str | None:
    """Return the code in Slack's own answer; None of a page that something on the way sent."""
    if not isinstance(error, SlackApiError):
        return None
    answer = getattr(error.response, "data", None)
    found = answer.get("error") if isinstance(answer, dict) else None
    return found if isinstance(found, str) else None


class BoundedRateLimit(AsyncRateLimitErrorRetryHandler):
    """Waits for as long as Slack asks, but for no more than PATIENCE."""

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        del state, request, error
        if response is None or response.status_code != 429:  # noqa: PLR2004 - "too many requests"
            return False
        asked = {name.lower(): value for name, value in response.headers.items()}
        seconds = asked.get("retry-after", ["1"])[0]
        return seconds.isdecimal() and int(seconds) <= PATIENCE
