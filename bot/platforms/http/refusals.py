"""Refused requests: the exception, its response, and a counted summary in the log."""

import logging
import time
from collections import Counter
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler

from bot.domain.errors import stack_of
from bot.texts import http as words

REPORT_SECONDS: Final = 60.0
"""Seconds between two log lines about refusals."""

RETRY_SECONDS: Final = 1
"""Seconds after which a client that was refused for want of memory may try again."""

_log = logging.getLogger(__name__)


class Refused(Exception):
    """A request that is not processed; `text` is sent to its client."""

    def __init__(self, status: HTTPStatus, text: str) -> None:
        """Store the response."""
        super().__init__(text)
        self.status = status
        self.text = text

    @property
    def headers(self) -> dict[str, str]:
        """Headers of the response: the connection ends, as the body may not have been read."""
        busy = self.status is HTTPStatus.SERVICE_UNAVAILABLE
        return {"Connection": "close"} | ({"Retry-After": str(RETRY_SECONDS)} if busy else {})


class Refusals:
    """Counts refusals by sentence, and logs the counts at most once in `REPORT_SECONDS`.

    A stranger can cause any number of refusals, which must not fill the disk.

    Args:
        server: Name of the platform, for the log.
        monotonic: Clock in seconds.
    """

    def __init__(self, server: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._server = server
        self._monotonic = monotonic
        self._counts: Counter[str] = Counter()
        self._reported_at = -REPORT_SECONDS

    def count(self, sentence: str, number: int = 1) -> None:
        """Count refusals."""
        self._counts[sentence] += number

    def report(self, *, final: bool = False) -> None:
        """Log what was counted since the last report, if that is long enough ago or the last."""
        now = self._monotonic()
        if self._counts and (final or now - self._reported_at >= REPORT_SECONDS):
            _log.warning(words.refused(self._server, self._counts))
            self._counts = Counter()
            self._reported_at = now


REFUSALS: Final = web.AppKey("refusals", Refusals)
"""Where an application served by `server.serving` has its counter."""


def count(request: web.Request, refused: Refused) -> None:
    """Count a refusal, if the application has a counter."""
    if (refusals := request.app.get(REFUSALS)) is not None:
        refusals.count(refused.text)


@web.middleware
async def to_text(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Convert every exception to a response of one sentence, and log unexpected ones."""
    try:
        return await handler(request)
    except Refused as refused:
        count(request, refused)
        return web.Response(
            text=f"{refused.text}\n", status=refused.status, headers=refused.headers
        )
    except web.HTTPNotFound:
        return web.Response(text=f"{words.NOT_FOUND}\n", status=HTTPStatus.NOT_FOUND)
    except web.HTTPMethodNotAllowed as error:
        allowed = {"Allow": ", ".join(sorted(error.allowed_methods))}
        status = HTTPStatus.METHOD_NOT_ALLOWED
        return web.Response(text=f"{words.METHOD}\n", status=status, headers=allowed)
    except web.HTTPException:
        raise
    except Exception as error:  # noqa: BLE001 - the outermost handler of a request
        _log.error("request failed: %s", stack_of(error))
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        return web.Response(text=f"{words.FAILED}\n", status=status)


class ProtocolLog(logging.LoggerAdapter[logging.Logger]):
    """Logger for aiohttp's protocol: counts what is not HTTP instead of logging a traceback."""

    def __init__(self, refusals: Refusals) -> None:
        super().__init__(_log)
        self._refusals = refusals

    def debug(self, msg: object, *args: object, **kwargs: Any) -> None:
        """Count an error of the client, which aiohttp logs at this level for some."""
        del msg, args
        if isinstance(kwargs.get("exc_info"), HttpProcessingError):
            self._refusals.count(words.NOT_HTTP)

    def exception(self, msg: object, *args: object, **kwargs: Any) -> None:
        """Count an error of the client; log any other without its message."""
        error = kwargs.get("exc_info")
        if isinstance(error, HttpProcessingError):
            self._refusals.count(words.NOT_HTTP)
        elif isinstance(error, BaseException):
            _log.error("request failed: %s", stack_of(error))
        else:
            _log.error(msg, *args)
