"""The page of the chat: `/`."""

from aiohttp import web

from bot.platforms.web import present
from bot.platforms.web.pages import Pages
from bot.texts import web_page


class Chat:
    """Answers requests for the page of the chat, which scripts fill."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def routes(self) -> list[web.RouteDef]:
        """Return the endpoint."""
        return [web.get("/", self.page)]

    async def page(self, request: web.Request) -> web.Response:
        """Return the page."""
        return self._pages.response(
            request,
            "chat.html",
            headers={"Cache-Control": "no-cache"},
            words=web_page.PAGE,
            data=present.page_data(),
        )
