"""What is at no address: a page with the search field for browsers, and what crawlers may read."""

from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware

from bot.domain.errors import SoundslikeError
from bot.platforms.web import problems
from bot.platforms.web.caching import public
from bot.platforms.web.limits import Busy
from bot.platforms.web.pages import Pages
from bot.platforms.web.parsing import RequestRejected
from bot.platforms.web.song_answers import NoSong
from bot.texts import song_page

ROBOTS: Final = """\
User-agent: *
Allow: /song/
Disallow: /api/
Disallow: /cards/
Disallow: /charts/
Disallow: /compare?
Disallow: /search?
Disallow: /whatif?
"""
"""Songs may be read; what is different for each visitor, or for each query, not (RFC 9309)."""

SAFE_METHODS: Final = frozenset({"GET", "HEAD"})


def problem_page(request: web.Request, pages: Pages, missing: NoSong) -> web.Response:
    """Return the page that says why there is no answer."""
    return pages.response(
        request,
        "problem.html",
        status=missing.status,
        headers=missing.headers,
        title=missing.title,
        text=missing.notice.text,
    )


def missing_pages(pages: Pages) -> Middleware:
    """Return the middleware that answers browsers with a page where there is no other answer.

    Scripts and other programs get the notice that they expect.
    """

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except Busy:
            raise  # its page depends on the address
        except (web.HTTPNotFound, RequestRejected, SoundslikeError) as error:
            if not _displays_pages(request):
                raise
            return _page(request, pages, _rejection(error))

    return middleware


def _rejection(error: web.HTTPNotFound | RequestRejected | SoundslikeError) -> RequestRejected:
    if isinstance(error, RequestRejected):
        return error
    if isinstance(error, SoundslikeError):
        return problems.rejection(error, "a page")
    return RequestRejected(HTTPStatus.NOT_FOUND, "not_found", song_page.NO_SUCH_PAGE)


def _page(request: web.Request, pages: Pages, rejected: RequestRejected) -> web.Response:
    is_missing = rejected.status is HTTPStatus.NOT_FOUND
    return pages.response(
        request,
        "problem.html",
        status=rejected.status,
        headers={"X-Robots-Tag": "noindex", **(rejected.headers or {})},
        title=song_page.UNKNOWN if is_missing else song_page.FAILED,
        text=rejected.text,
    )


async def robots(_: web.Request) -> web.Response:
    """Return what crawlers may read."""
    return web.Response(text=ROBOTS, headers=public(86400))


def routes() -> list[web.RouteDef]:
    """Return the endpoint."""
    return [web.get("/robots.txt", robots)]


def _displays_pages(request: web.Request) -> bool:
    """Return whether a browser asks for a page: scripts and pictures do not name its type."""
    return request.method in SAFE_METHODS and "text/html" in request.headers.get(hdrs.ACCEPT, "")
