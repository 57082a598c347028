"""Protects the endpoints against pages of other origins, and sets security headers.

Every page in this computer's browser can send requests to the port. A request is rejected if its
Host is not one of ours (DNS rebinding; the port may differ, as in front of a container), or if the
browser reports another origin. Requests without these headers do not come from a browser. The
numeric address that was connected to is accepted as Host, as no DNS name can have its form.
"""

import logging
import re
from http import HTTPStatus
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot import texts
from bot.domain.errors import stack_of
from bot.platforms.http import refusals
from bot.platforms.http.refusals import Refused
from bot.platforms.web.ids import visitor_id
from bot.platforms.web.parsing import RequestRejected
from bot.texts import web_page
from bot.texts.addresses import bracketed, http_address

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

REFUSAL_CODES: Final = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_long",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "malformed",
}
"""Codes of the notices about what the limits of HTTP refuse; the others are `refused`."""

_PORT: Final = re.compile(r":\d{1,5}$")
_log = logging.getLogger(__name__)


def reject_other_origins(host: str) -> Middleware:
    """Return the middleware that rejects other origins; `host` is the one that is bound."""
    names = ("127.0.0.1", "localhost", "[::1]", bracketed(host))

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        requested = _PORT.sub("", request.headers.get("Host", "").lower())
        connected = request.transport.get_extra_info("sockname") if request.transport else ("", 0)
        if requested not in (*names, bracketed(connected[0])) or _is_foreign(request):
            port = connected[1]
            address = http_address(names[0], port)
            raise RequestRejected(
                HTTPStatus.FORBIDDEN,
                "foreign_origin",
                web_page.FOREIGN_ORIGIN.format(address=address),
            )
        return await handler(request)

    return middleware


@web.middleware
async def errors_to_notices(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Convert every exception to a notice, and log unexpected ones.

    The log has the exception's type and stack only: its message may contain a person's text.
    """
    try:
        return await handler(request)
    except RequestRejected as rejection:
        return error_response(rejection)
    except Refused as refused:
        refusals.count(request, refused)
        return _refusal(refused)
    except web.HTTPException as error:
        status = HTTPStatus(error.status)
        return error_response(RequestRejected(status, "not_found", web_page.NO_SUCH_PAGE))
    except Exception as error:  # noqa: BLE001 - the outermost handler of a request
        _log.error("message %s failed: %s", request.get(MESSAGE_ID, "-"), stack_of(error))
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        return error_response(RequestRejected(status, "unavailable", texts.TRY_AGAIN))


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Add the security headers; a signal handler for every response."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    response.headers.setdefault("Cache-Control", "no-store")


def visitor(request: web.Request) -> str:
    """Return the visitor id in the cookie; without a valid one, the request's own new id."""
    if _VISITOR not in request:
        request[_VISITOR] = visitor_id(request.cookies.get(COOKIE, ""))
    return request[_VISITOR]


def remember(response: web.Response, visitor: str) -> web.Response:
    """Set the cookie with the visitor id; only for requests that could have sent one."""
    response.set_cookie(
        COOKIE, visitor, max_age=COOKIE_AGE, path="/", httponly=True, samesite="Strict"
    )
    return response


def error_response(rejection: RequestRejected) -> web.Response:
    """Return the response for a rejected request."""
    body = {"notice": {"type": "notice", "code": rejection.code, "text": rejection.text}}
    return web.json_response(body, status=rejection.status)


def _refusal(refused: Refused) -> web.Response:
    """Return the response for a request that the limits of HTTP refuse."""
    code = REFUSAL_CODES.get(refused.status, "refused")
    response = error_response(RequestRejected(refused.status, code, refused.text))
    response.headers.update(refused.headers)
    return response


def _is_foreign(request: web.Request) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    opens_page = (
        request.method in ("GET", "HEAD")
        and request.path == "/"
        and request.headers.get("Sec-Fetch-Mode") == "navigate"
        and request.headers.get("Sec-Fetch-Dest") == "document"
    )
    if site not in (None, "same-origin", "none") and not opens_page:
        return True
    origin = request.headers.get("Origin")
    return origin is not None and origin != f"http://{request.headers['Host'].lower()}"
