"""Pictures of the page: charts, and cards to save."""

from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from functools import partial
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from aiohttp import web

from bot import texts
from bot.domain.cards import Card, Theme
from bot.domain.pictures import PictureFormat
from bot.platforms.web import caching, limits, parsing, present, security
from bot.platforms.web.site import SITE
from bot.platforms.web.visibility import Visibility
from bot.services.services import Services

CACHE_FOREVER: Final = "private, max-age=31536000, immutable"
"""Of charts: another answer has another address."""

CACHE_BRIEFLY: Final = "private, max-age=10"
"""Of cards to save, as votes change them."""

KEPT: Final = 64
"""Charts that are kept in memory, 110 kB each at most; equal ones of several cards are one."""

CARD: Final = r"{card:[1-9]\d{0,18}}"
SUMMARY: Final = r"{summary:[1-9]\d{0,18}}"


class Pictures:
    """Answers requests for pictures of what the visitor may see; other cards are unknown."""

    def __init__(self, services: Services, visible: Visibility) -> None:
        self._visible = visible
        self._cards = services.cards
        self._collections = services.collections
        self._share = services.share
        self._listen = services.listen
        self._charts = caching.Bodies(KEPT)

    def routes(self) -> list[web.RouteDef]:
        """Return the endpoints."""
        formats = "|".join(PictureFormat)
        return [
            web.get(f"/charts/{CARD}.png", self.chart),
            web.get(f"/charts/summaries/{SUMMARY}.png", self.summary_chart),
            web.get(f"/cards/{CARD}.{{format:{formats}}}", self.saved_card),
        ]

    async def chart(self, request: web.Request) -> web.Response:
        """Return a card's chart."""
        theme, card = _theme(request), await self._card(request)
        if card is None:
            raise _no_chart()
        name = f"{caching.digest(card.answer)} {theme}"
        return await self._chart(request, name, partial(self._cards.chart, card, theme))

    async def summary_chart(self, request: web.Request) -> web.Response:
        """Return a summary's chart."""
        theme, summary_id = _theme(request), int(request.match_info["summary"])
        summary = await self._visible.summary(summary_id, security.visitor(request))
        if summary is None:
            raise _no_chart()
        name = f"{caching.digest(summary.answer)} {theme}"
        return await self._chart(request, name, partial(self._collections.chart, summary, theme))

    async def saved_card(self, request: web.Request) -> web.Response:
        """Return a card as a picture to save, with the votes on it."""
        theme, card = _theme(request), await self._card(request)
        format_ = PictureFormat(request.match_info["format"])
        place = request.app[SITE].place
        async with limits.drawing(request):
            picture = await self._share.picture(card, theme, format_, place) if card else None
        if card is None or picture is None:
            raise parsing.RequestRejected(HTTPStatus.NOT_FOUND, "no_picture", texts.PICTURE_MISSING)
        name = quote(f"{present.file_name(card.answer.subject)}.{format_}")
        headers = {
            "Cache-Control": CACHE_BRIEFLY,
            # Opened as a document of its own, an SVG could not use its fonts and styles.
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        }
        return web.Response(body=picture, content_type=format_.media_type, headers=headers)

    async def close(self) -> None:
        """Cancel what is being drawn."""
        await self._charts.close()

    async def _chart(
        self, request: web.Request, name: str, draw: Callable[[], Awaitable[bytes | None]]
    ) -> web.Response:
        """Return a chart; what is in memory, or in the visitor's browser, does not count."""
        is_ready = self._charts.is_ready(request, name)
        async with nullcontext() if is_ready else limits.drawing(request):
            return await self._charts.response(
                request,
                name,
                partial(_drawn, draw),
                content_type="image/png",
                headers={"Cache-Control": CACHE_FOREVER},
            )

    async def _card(self, request: web.Request) -> Card | None:
        card_id = int(request.match_info["card"])
        card = await self._visible.card(card_id, security.visitor(request))
        return self._listen.complete(card) if card else None


def _theme(request: web.Request) -> Theme:
    try:
        return Theme(request.query.get("theme", Theme.LIGHT))
    except ValueError:
        raise parsing.malformed("theme") from None


async def _drawn(draw: Callable[[], Awaitable[bytes | None]]) -> bytes:
    """Return a chart; raise RequestRejected if it cannot be drawn."""
    chart = await draw()
    if chart is None:
        raise _no_chart()
    return chart


def _no_chart() -> parsing.RequestRejected:
    return parsing.RequestRejected(HTTPStatus.NOT_FOUND, "no_chart", texts.CHART_MISSING)
