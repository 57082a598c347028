"""Features as sliders: `/whatif`, and the part of it that changes, as JSON."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from aiohttp import web

from bot.domain import song_ids
from bot.domain.what_if import SONG
from bot.platforms.web import limits, problems, site, what_if
from bot.platforms.web.limits import Limit, Share
from bot.platforms.web.pages import Pages
from bot.platforms.web.song_answers import SongAnswers
from bot.services.services import Services
from bot.services.what_if import WhatIfResult
from bot.texts import web_page
from bot.texts import what_if as words

PAGE_HEADERS: Final[Mapping[str, str]] = {"Cache-Control": "public, max-age=60"}
"""Short, as a new model answers otherwise."""


class WhatIf:
    """Answers requests for predictions from values."""

    def __init__(self, answers: SongAnswers, services: Services, pages: Pages) -> None:
        self._answers = answers
        self._what_if = services.what_if
        self._pages = pages

    def routes(self) -> list[web.RouteDef]:
        """Return the endpoints."""
        return [web.get("/whatif", self.page), web.get("/api/whatif", self.result)]

    async def page(self, request: web.Request) -> web.Response:
        """Return the page with the values in the address.

        While the song in it cannot be looked up, the page is one to ask for again.
        """
        asked = await self._answer(request)
        famous = await self._what_if.famous(web_page.DISPUTES)
        is_away = asked.failure is not None
        return self._pages.response(
            request,
            "what_if.html",
            status=HTTPStatus.SERVICE_UNAVAILABLE if is_away else HTTPStatus.OK,
            headers=problems.retry_after(asked.failure) if is_away else PAGE_HEADERS,
            words=words.PAGE,
            address=asked.address,
            head=what_if.head(asked, site.origin(request)),
            page=what_if.page(asked, famous),
            result=what_if.result(asked),
        )

    async def result(self, request: web.Request) -> web.Response:
        """Return the result for the values in the address, as markup, and the canonical address."""
        asked = await self._answer(request)
        result = what_if.result(asked)
        markup = self._pages.render("what_if_result.html", words=words.PAGE, result=result)
        body = {"html": markup, "address": asked.address, **what_if.changes(asked)}
        return web.json_response(body)

    async def _answer(self, request: web.Request) -> WhatIfResult:
        limits.check(request, Limit.WHAT_IF)
        pairs = request.query.items()
        ref = song_ids.parse(dict(pairs).get(SONG, ""))
        if ref and await self._what_if.is_ready(ref):
            ref = None
        async with self._answers.asking(request, ref):
            setting = await self._what_if.read(pairs, web_page.DISPUTES)
        async with limits.share(request, Share.WHAT_IF):
            return await self._what_if.predict(setting)
