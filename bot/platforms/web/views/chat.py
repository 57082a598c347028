"""The page of the chat: `/`."""

from aiohttp import web

from bot.platforms.web import present, security
from bot.platforms.web.pages import Pages
from bot.platforms.web.site import SITE
from bot.platforms.web.views.welcome import Welcome
from bot.texts import web_page


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
            data=present.page_data(words),
            is_known=security.COOKIE in request.cookies,
            **await self._welcome.values(),
        )
