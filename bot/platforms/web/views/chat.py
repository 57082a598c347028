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
        words = web_page.PUBLIC_PAGE if request.app[SITE].is_public else web_page.PAGE
        return self._pages.response(
            request,
            "chat.html",
            headers={"Cache-Control": "private, no-cache"},
            words=words,
            data=_data(words),
            is_known=security.COOKIE in request.cookies,
            **await self._welcome.values(),
        )


def _data(words: Mapping[str, str]) -> present.Json:
    """Return the sentences and genres that the page needs at its start."""
    return {
        "strings": dict(words),
        "commands": web_page.COMMANDS,
        "genres": web_page.genre_options(),
        "too_long": texts.MESSAGE_TOO_LONG,
        "too_big": web_page.FILE_TOO_BIG,
        "max_bytes": MAX_UPLOAD_BYTES,
        "max_files": MAX_UPLOADS,
        "suffixes": sorted(SUFFIXES),
    }
