"""The page of the chat: `/`."""

import gzip
from typing import NamedTuple

from aiohttp import hdrs, web

from bot import texts
from bot.domain.sound_ports import MAX_UPLOAD_BYTES, MAX_UPLOADS
from bot.platforms.web import compression, present, security
from bot.platforms.web.pages import Pages
from bot.platforms.web.site import SITE
from bot.platforms.web.views.welcome import Welcome
from bot.texts import web_page
from model.sound.format_table import SUFFIXES


class Rendered(NamedTuple):
    """A page, as text and compressed, and the disputes that it offers."""

    disputes: object
    plain: bytes
    compressed: bytes


class Chat:
    """Answers requests for the page of the chat, which scripts fill.

    It is the same for all who visit for the first time, and for all others. So it is rendered
    when its disputes change: a thousand requests at once would take the event loop for seconds.
    """

    def __init__(self, pages: Pages, welcome: Welcome) -> None:
        self._pages = pages
        self._welcome = welcome
        self._rendered: dict[bool, Rendered] = {}

    def routes(self) -> list[web.RouteDef]:
        """Return the endpoint."""
        return [web.get("/", self.page)]

    async def page(self, request: web.Request) -> web.Response:
        """Return the page; what the empty page offers is hidden if there may be a history."""
        offered = await self._welcome.values()
        is_known = security.COOKIE in request.cookies
        page = self._rendered.get(is_known)
        if page is None or page.disputes is not offered["disputes"]:
            page = self._rendered[is_known] = self._render(request, offered, is_known=is_known)
        headers = {hdrs.CACHE_CONTROL: "private, no-cache", hdrs.VARY: hdrs.ACCEPT_ENCODING}
        body = page.plain
        if compression.of(request):
            body = page.compressed
            headers[hdrs.CONTENT_ENCODING] = "gzip"
        return web.Response(body=body, content_type="text/html", charset="utf-8", headers=headers)

    def _render(self, request: web.Request, offered: present.Json, *, is_known: bool) -> Rendered:
        is_public = request.app[SITE].is_public
        text = self._pages.page(
            request,
            "chat.html",
            words=web_page.PUBLIC_PAGE if is_public else web_page.PAGE,
            data=_data(is_public=is_public),
            is_known=is_known,
            **offered,
        )
        plain = text.encode()
        return Rendered(offered["disputes"], plain, gzip.compress(plain, mtime=0))


def _data(*, is_public: bool) -> present.Json:
    """Return what the scripts of the chat need at their start."""
    return {
        "strings": dict(web_page.PUBLIC_SCRIPT if is_public else web_page.SCRIPT),
        "commands": web_page.PUBLIC_COMMANDS if is_public else web_page.COMMANDS,
        "too_long": texts.MESSAGE_TOO_LONG,
        "too_big": web_page.FILE_TOO_BIG,
        "max_bytes": MAX_UPLOAD_BYTES,
        "max_files": MAX_UPLOADS,
        "suffixes": sorted(SUFFIXES),
    }
