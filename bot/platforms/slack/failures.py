"""Slack's failures: which are worth another try, and which may have done what was asked."""

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

from bot.platforms.slack.api import AWAY, LIMITED

FAILURES: Final = (SlackClientError, aiohttp.ClientError, OSError, TimeoutError)
"""What slack_sdk raises when a request comes to nothing, also of the connection itself."""

BAD_FORM: Final = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})
PATIENCE: Final = 60
"""Seconds that a rate limit may hold a request up; beyond that it fails."""

TRIES: Final = 3
TOO_MANY: Final = 429
BROKEN: Final = frozenset({500, 503})

POST: Final = "/chat.postMessage"
SHOWN: Final = (POST, "/files.completeUploadExternal")
"""Methods that put something before people: done twice, it stands there twice."""


class ResponseUrlRejected(SlackClientError):
    """A `response_url` took no answer; `status` is what it said instead."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


def code(error: BaseException) -> str:
    """Return Slack's name of an error, else the class."""
    if isinstance(error, ResponseUrlRejected):
        return str(error)
    return _refused(error) or type(error).__name__


def is_refusal(error: BaseException) -> bool:
    """Say whether Slack answered, and said no: the same request would be refused again."""
    if isinstance(error, ResponseUrlRejected):
        return error.status < 500 and error.status != TOO_MANY  # noqa: PLR2004 - a server's own
    return _refused(error) not in {None, *AWAY}


def is_doubtful(error: BaseException) -> bool:
    """Say whether what was asked may have been done all the same."""
    limited = _status(error) == TOO_MANY or _refused(error) in LIMITED
    return not (limited or is_refusal(error) or isinstance(error, aiohttp.ClientConnectorError))


def asked_to_wait(error: BaseException) -> float:
    """Return the seconds for which Slack wants to be left alone."""
    if isinstance(error, SlackApiError) and _status(error) == TOO_MANY:
        return _retry_after(dict(error.response.headers)) or 0
    return 0


def with_patience(client: AsyncWebClient) -> AsyncWebClient:
    """Let a client wait for rate limits, within reason, and try again what does no harm twice."""
    client.retry_handlers = [*for_posts(), IdempotentRetryHandler(max_retry_count=TRIES)]
    return client


def for_posts() -> list[AsyncRetryHandler]:
    """Return what tries again only requests that Slack has certainly not carried out."""
    not_reached: list[type[Exception]] = [aiohttp.ClientConnectorError]
    return [
        AsyncConnectionErrorRetryHandler(max_retry_count=TRIES, error_types=not_reached),
        BoundedRateLimitRetryHandler(max_retry_count=TRIES),
    ]


def _refused(error: BaseException) -> str | None:
    """Return the code in Slack's own answer; None of a page that something on the way sent."""
    if not isinstance(error, SlackApiError):
        return None
    answer = getattr(error.response, "data", None)
    found = answer.get("error") if isinstance(answer, dict) else None
    return found if isinstance(found, str) else None


def _status(error: BaseException) -> int | None:
    if isinstance(error, ResponseUrlRejected):
        return error.status
    return getattr(getattr(error, "response", None), "status_code", None)


def _retry_after(headers: dict[str, str]) -> int | None:
    """Return the seconds of a Retry-After, None when there is none that makes sense."""
    asked = {name.lower(): value for name, value in headers.items()}.get("retry-after", "1")
    return int(asked) if asked.isdecimal() else None


class IdempotentRetryHandler(AsyncRetryHandler):
    """Tries again what was not answered, where it makes no difference if it was done before."""

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        del state
        if request.url.endswith(SHOWN):
            return False
        broken = response is not None and response.status_code in BROKEN
        return broken or isinstance(error, (aiohttp.ServerConnectionError, aiohttp.ClientOSError))


class BoundedRateLimitRetryHandler(AsyncRateLimitErrorRetryHandler):
    """Waits for as long as Slack asks, but for no more than PATIENCE; not over a message to post.

    That one waits outside its channel's turn: see `Posting`.
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
        if response is None or response.status_code != TOO_MANY or request.url.endswith(POST):
            return False
        seconds = _retry_after({name: value[0] for name, value in response.headers.items()})
        return seconds is not None and seconds <= PATIENCE
