"""What is at no address: a page with the search field for browsers, and what crawlers may read."""

from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware

from bot.platforms.web.caching import public
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
    """Return the middleware that answers browsers with a page where nothing is found.

    Scripts and other programs get the notice that they expect.
    """

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPNotFound:
            if not _displays_pages(request):
                raise
            text = song_page.NO_SUCH_PAGE
        except RequestRejected as rejected:
            is_missing = rejected.status is HTTPStatus.NOT_FOUND
            if not (is_missing and _displays_pages(request)):
                raise
            text = rejected.text
        return pages.response(
            request,
            "problem.html",
            status=HTTPStatus.NOT_FOUND,
            headers={"X-Robots-Tag": "noindex"},
            title=song_page.UNKNOWN,
            text=text,
        )

    return middleware


async def robots(_: web.Request) -> web.Response:
    """Return what crawlers may read."""
    return web.Response(text=ROBOTS, headers=public(86400))


def routes() -> list[web.RouteDef]:
    """Return the endpoint."""
    return [web.get("/robots.txt", robots)]


def _displays_pages(request: web.Request) -> bool:
    """Return whether a browser asks for a page: scripts and pictures do not name its type."""
    return request.method in SAFE_METHODS and "text/html" in request.headers.get(hdrs.ACCEPT, "")
