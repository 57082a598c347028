"""Responses to requests past a limit, by what was asked for: page, notice as JSON, plain text."""

import re
from http import HTTPStatus
from math import ceil
from typing import Final

from aiohttp import hdrs, web

from bot.domain.errors import SoundslikeError, Unavailable, UserFacing
from bot.platforms.http.refusals import REFUSALS
from bot.platforms.web.limits import Busy
from bot.platforms.web.pages import PAGES
from bot.platforms.web.parsing import RequestRejected
from bot.services.failures import failure_notice
from bot.texts import site as words

PICTURE: Final = re.compile(r"/.+\.(?:png|jpg|svg|pdf)")
DATA: Final = re.compile(r"/api/.*|/oembed|/.+\.json")

RETRY_SECONDS: Final = 60
"""Seconds after which to ask again, if a service that failed names none."""

MAX_RETRY_SECONDS: Final = 3600


def status_of(error: SoundslikeError) -> HTTPStatus:
    """Return the status of a response that says why there is no answer."""
    is_final = isinstance(error, UserFacing)
    return HTTPStatus.NOT_FOUND if is_final else HTTPStatus.SERVICE_UNAVAILABLE


def retry_after(*errors: SoundslikeError | None) -> dict[str, str]:
    """Return the header that says when to ask again after services failed: when all may answer."""
    waits = [one.retry_after or 0 for one in errors if isinstance(one, Unavailable)]
    seconds = max(waits, default=0) or RETRY_SECONDS
    return {hdrs.RETRY_AFTER: str(min(max(1, ceil(seconds)), MAX_RETRY_SECONDS))}


def rejection(error: SoundslikeError, about: str) -> RequestRejected:
    """Return the rejection for a failure that no endpoint answers, and log the failure.

    `about` names the request in the log.
    """
    notice = failure_notice(error, about)
    headers = None if isinstance(error, UserFacing) else retry_after(error)
    return RequestRejected(status_of(error), notice.kind, notice.text, headers)


def busy(request: web.Request, refused: Busy) -> web.Response:
    """Return the response to a request past a limit, and count it in the log."""
    if (refusals := request.app.get(REFUSALS)) is not None:
        refusals.count(refused.logged)
    path, status, text = request.path, refused.status, refused.text
    headers = dict(refused.headers)
    if request.method == hdrs.METH_POST:
        headers[hdrs.CONNECTION] = "close"  # the body may not have been read
    if DATA.fullmatch(path):
        body = {"notice": {"type": "notice", "code": refused.code, "text": text}}
        return web.json_response(body, status=status, headers=headers)
    if PICTURE.fullmatch(path):
        return web.Response(text=f"{text}\n", status=status, headers=headers)
    return request.app[PAGES].response(
        request,
        "problem.html",
        status=status,
        headers=headers,
        title=words.ONE_MOMENT,
        text=text,
    )
