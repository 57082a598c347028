"""Pages of songs: `/song/ID`."""

from http import HTTPStatus

from aiohttp import web

from bot.domain import song_ids
from bot.domain.cards import Card
from bot.domain.errors import SoundslikeError
from bot.domain.votes import Ballot
from bot.platforms.web import present
from bot.platforms.web.pages import Pages
from bot.services.failures import failure_notice
from bot.services.services import Services
from bot.texts import site, web_page


class Songs:
    """Answers requests for songs."""

    def __init__(self, services: Services, pages: Pages) -> None:
        self._songs = services.songs
        self._pages = pages

    def routes(self) -> list[web.RouteDef]:
        """Return the endpoints."""
        return [web.get("/song/{song}", self.song)]

    async def song(self, request: web.Request) -> web.Response:
        """Return the page of a song."""
        ref = song_ids.parse(request.match_info["song"])
        if ref is None:
            return self._problem(request, HTTPStatus.NOT_FOUND, web_page.NO_SUCH_PAGE)
        try:
            answer = await self._songs.answer(ref)
        except SoundslikeError as error:
            notice = failure_notice(error, f"song {ref}")
            return self._problem(request, HTTPStatus.NOT_FOUND, notice.text)
        card = present.card(Card(0, answer), Ballot(), {})
        return self._pages.response(request, "song.html", card=card)

    def _problem(self, request: web.Request, status: HTTPStatus, text: str) -> web.Response:
        return self._pages.response(
            request, "problem.html", status=status, title=site.NOT_FOUND, text=text
        )
