"""Security headers, the visitor's cookie, and what a failed request is answered."""

import logging
from http import HTTPStatus
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from bot import texts
from bot.domain.errors import SoundslikeError, stack_of
from bot.platforms.http import refusals
from bot.platforms.http.refusals import Refused
from bot.platforms.web import origins, problems
from bot.platforms.web.ids import visitor_id
from bot.platforms.web.limits import Busy
from bot.platforms.web.parsing import RequestRejected
from bot.platforms.web.site import SITE, client
from bot.texts import http

COOKIE: Final = "soundslike_visitor"
COOKIE_AGE: Final = 400 * 24 * 3600
"""Seconds; the maximum that browsers accept."""

MESSAGE_ID: Final = web.RequestKey("message_id", str)
"""Set by an endpoint to the message that a failure would be about."""

_VISITOR: Final = web.RequestKey("visitor", str)

POLICY: Final = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' https:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types soundslike",
)
"""Only images from other origins; no inline scripts and styles; one script alone parses markup."""

HEADERS: Final = {
    "Content-Security-Policy": "; ".join(POLICY),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

EMBEDDED_HEADERS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""Of what other sites may show, in place of those in `HEADERS`."""

ONLY_ENCRYPTED: Final = "max-age=31536000"
"""A browser that came by https comes that way for a year, also if a link says http."""

REFUSAL_CODES: Final = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_long",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "malformed",
}
"""Codes of the notices about what the limits of HTTP refuse; the others are `refused`."""

_log = logging.getLogger(__name__)


@web.middleware
async def errors_to_notices(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Convert every exception to a notice, and log unexpected ones.

    The log has the exception's type and stack only: its message may contain a person's text.
    """
    try:
        return await handler(request)
    except Busy as busy:
        return problems.busy(request, busy)
    except RequestRejected as rejection:
        return error_response(rejection)
    except Refused as refused:
        refusals.count(request, refused)
        return _refusal(refused)
    except (web.HTTPException, SoundslikeError) as error:
        return error_response(_rejection(request, error))
    except Exception as error:  # noqa: BLE001 - the outermost handler of a request
        _log.error("message %s failed: %s", request.get(MESSAGE_ID, "-"), stack_of(error))
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        return error_response(RequestRejected(status, "unavailable", texts.TRY_AGAIN))


@web.middleware
async def encrypt_cookies(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Have browsers send the cookie by https only, if visitors come by https."""
    response = await handler(request)
    if request.app[SITE].is_encrypted or client(request).scheme == "https":
        for cookie in response.cookies.values():
            cookie["secure"] = True
    return response


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Add the security headers; a signal handler for every response."""
    response.headers.update(HEADERS)
    if origins.is_embedded(request):
        response.headers.update(EMBEDDED_HEADERS)
    if request.app[SITE].is_encrypted:
        response.headers["Strict-Transport-Security"] = ONLY_ENCRYPTED
    response.headers.setdefault("Cache-Control", "no-store")


def visitor(request: web.Request) -> str:
    """Return the visitor id in the cookie; without a valid one, the request's own new id."""
    if _VISITOR not in request:
        request[_VISITOR] = visitor_id(request.cookies.get(COOKIE, ""))
    return request[_VISITOR]


def is_new(request: web.Request) -> bool:
    """Return whether a request comes without a valid cookie, so that nothing is stored for it."""
    return request.cookies.get(COOKIE) != visitor(request)


def remember(response: web.Response, visitor: str) -> web.Response:
    """Set the cookie with the visitor id; only for requests that could have sent one."""
    response.set_cookie(
        COOKIE, visitor, max_age=COOKIE_AGE, path="/", httponly=True, samesite="Strict"
    )
    return response


def error_response(rejection: RequestRejected) -> web.Response:
    """Return the response for a rejected request."""
    body = {"notice": {"type": "notice", "code": rejection.code, "text": rejection.text}}
    return web.json_response(body, status=rejection.status, headers=rejection.headers)


def _rejection(request: web.Request, error: web.HTTPException | SoundslikeError) -> RequestRejected:
    """Return the rejection for what no endpoint answers: an address, or a failure of the model."""
    if isinstance(error, web.HTTPException):
        return _unrouted(error)
    return problems.rejection(error, f"message {request.get(MESSAGE_ID, '-')}")


def _unrouted(error: web.HTTPException) -> RequestRejected:
    """Return the rejection for a request that no endpoint answers."""
    status = HTTPStatus(error.status)
    if isinstance(error, web.HTTPMethodNotAllowed):
        allowed = {"Allow": ", ".join(sorted(error.allowed_methods))}
        return RequestRejected(status, "refused", http.METHOD, allowed)
    return RequestRejected(status, "not_found", http.NOT_FOUND)


def _refusal(refused: Refused) -> web.Response:
    """Return the response for a request that the limits of HTTP refuse."""
    code = REFUSAL_CODES.get(refused.status, "refused")
    return error_response(RequestRejected(refused.status, code, refused.text, refused.headers))
