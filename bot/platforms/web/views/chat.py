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
        is_public = request.app[SITE].is_public
        return self._pages.response(
            request,
            "chat.html",
            headers={"Cache-Control": "private, no-cache"},
            words=web_page.PUBLIC_PAGE if is_public else web_page.PAGE,
            data=present.page_data(web_page.PUBLIC_SCRIPT if is_public else web_page.SCRIPT),
            is_known=security.COOKIE in request.cookies,
            **await self._welcome.values(),
        )
