"""Who may talk to the local chat: its own page, in a browser on this computer, and nobody else.

The port is open to every page that this computer's browser shows, so a request is refused when
its Host is no name of ours (a foreign one that was made to point here; the port may differ, as it
does in front of a container), or when the browser says that another origin sent it. Requests that
say nothing of either come from no browser. The address that was reached, as a number, is ours too:
no name can be made to be one.
"""

import logging
import re
import secrets
from http import HTTPStatus
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot import texts
from bot.domain.errors import trace
from bot.platforms.web.parsing import RequestRejected, too_long
from bot.texts import web_page

COOKIE: Final = "soundslike_visitor"
COOKIE_AGE: Final = 400 * 24 * 3600
"""In seconds; browsers keep none longer."""

MESSAGE_ID: Final = web.RequestKey("message_id", str)
"""Set by an endpoint as soon as it knows which message a failure would be about."""

POLICY: Final = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' https:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
)
"""Nothing from elsewhere but pictures; no inline script or style; no text taken for markup."""

HEADERS: Final = {
    "Content-Security-Policy": "; ".join(POLICY),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

_PORT: Final = re.compile(r":\d{1,5}$")
_VISITOR: Final = re.compile(r"[0-9a-f]{32}")
_log = logging.getLogger(__name__)


def only_own_page(host: str) -> Middleware:
    """Return the middleware that refuses other origins; `host` is the one that was bound."""
    names = ("127.0.0.1", "localhost", "[::1]", bracketed(host))

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        called = _PORT.sub("", request.headers.get("Host", "").lower())
        reached = request.transport.get_extra_info("sockname") if request.transport else ("", 0)
        if called not in (*names, bracketed(reached[0])) or _is_foreign(request):
            port = reached[1]
            address = f"http://{names[0]}:{port}"
            raise RequestRejected(
                HTTPStatus.FORBIDDEN,
                "foreign_origin",
                web_page.FOREIGN_ORIGIN.format(address=address),
            )
        return await handler(request)

    return middleware


@web.middleware
async def in_words(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever goes wrong into a sentence, and what is our fault into a line of the log.

    The log gets the place in the code and the error's type, but not its words: they may quote
    what somebody wrote.
    """
    try:
        return await handler(request)
    except RequestRejected as refused:
        return refusal(refused)
    except web.HTTPRequestEntityTooLarge:
        return refusal(too_long())
    except web.HTTPException as error:
        return refusal(
            RequestRejected(HTTPStatus(error.status), "not_found", web_page.NO_SUCH_PAGE)
        )
    except Exception as error:  # noqa: BLE001 - the last stop: a sentence, and never a stack trace
        _log.error("message %s failed: %s", request.get(MESSAGE_ID, "-"), trace(error))
        return refusal(
            RequestRejected(HTTPStatus.INTERNAL_SERVER_ERROR, "unavailable", texts.TRY_AGAIN)
        )


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Tell the browser what this page may do: a signal handler for every response."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    response.headers.setdefault("Cache-Control", "no-store")


def visitor(request: web.Request) -> str:
    """Return the random id of the browser, a new one on its first visit."""
    known = request.cookies.get(COOKIE, "")
    return known if _VISITOR.fullmatch(known) else secrets.token_hex(16)


def remember(response: web.Response, visitor_id: str) -> web.Response:
    """Have the browser keep its id; call it only where the request could have carried one."""
    response.set_cookie(
        COOKIE, visitor_id, max_age=COOKIE_AGE, path="/", httponly=True, samesite="Strict"
    )
    return response


def refusal(refused: RequestRejected) -> web.Response:
    """Return the response for a request that is not answered."""
    body = {"notice": {"type": "notice", "code": refused.code, "text": refused.text}}
    return web.json_response(body, status=refused.status)


def bracketed(host: str) -> str:
    """Write a host as in an address: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


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
