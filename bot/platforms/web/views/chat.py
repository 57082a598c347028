"""The page of the chat: `/`."""

from collections.abc import Mapping

from aiohttp import web

from bot import texts
from bot.domain.sound_ports import MAX_UPLOAD_BYTES, MAX_UPLOADS
from bot.platforms.web import present, security
from bot.platforms.web.pages import Pages
from bot.platforms.web.site import SITE
from bot.platforms.web.views.welcome import Welcome
from bot.texts import web_page
from model.sound.format_table import SUFFIXES


class Chat:
    """Answers requests for the page of the chat, which scripts fill."""

    def __init__(self, pages: Pages, welcome: Welcome) -> None:
        self._pages = pages
        self._welcome = welcome

    def routes(self) -> list[web.RouteDef]:
        """Return the endpoint."""
        return [web.get("/", self.page)]

    async def page(self, request: web.Request) -> web.Response:
        """Return the page; what the empty page offers is hidden if there may be a history."""
        is_public = request.app[SITE].is_public
        return self._pages.response(
            request,
            "chat.html",
            headers={"Cache-Control": "private, no-cache"},
            words=web_page.PUBLIC_PAGE if is_public else web_page.PAGE,
            data=_data(web_page.PUBLIC_SCRIPT if is_public else web_page.SCRIPT),
            is_known=security.COOKIE in request.cookies,
            **await self._welcome.values(),
        )


def _data(words: Mapping[str, str]) -> present.Json:
    """Return what the scripts of the chat need at their start."""
    return {
        "strings": dict(words),
        "commands": web_page.COMMANDS,
        "too_long": texts.MESSAGE_TOO_LONG,
        "too_big": web_page.FILE_TOO_BIG,
        "max_bytes": MAX_UPLOAD_BYTES,
        "max_files": MAX_UPLOADS,
        "suffixes": sorted(SUFFIXES),
    }
