"""Two songs side by side: `/compare?a=ID&b=ID`, and their chart.

What stands for a song is its id, or words or a link as in a search. The page of two ids is the one
that is kept and shared; what names songs otherwise is sent there. Nothing is stored.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from http import HTTPStatus
from typing import Any, Final

from aiohttp import hdrs, web

from bot import texts
from bot.domain import song_ids
from bot.domain.cards import Answer, Theme
from bot.domain.comparison import Relation
from bot.domain.errors import SoundslikeError
from bot.domain.pictures import PictureFormat
from bot.domain.text import shorten
from bot.platforms.web import (
    caching,
    limits,
    parsing,
    present,
    present_comparison,
    problems,
    site,
)
from bot.platforms.web.compared_songs import (
    FIELDS,
    Known,
    Side,
    SideReader,
    Sides,
    failed,
    name_of,
    status_of,
)
from bot.platforms.web.pages import MAX_TYPED, Pages
from bot.platforms.web.unfurling import MAX_ALT, Unfurled, plain
from bot.services.services import Services
from bot.texts import comparison, comparison_page, web_page

KEPT: Final = 3600
"""Seconds for which browsers and proxies keep a comparison: sources may add to what is known."""

CHART_KEPT: Final = 86_400
CHARTS: Final = 24
"""Charts that are kept in memory, up to 0.2 MB each."""


class Comparisons:
    """Answers requests for comparisons."""

    def __init__(self, services: Services, pages: Pages) -> None:
        self._comparison = services.comparison
        self._reader = SideReader(services.find, services.comparison)
        self._disputes = services.disputes
        self._pages = pages
        self._charts = caching.Bodies(CHARTS)

    def routes(self) -> list[web.RouteDef]:
        """Return the endpoints."""
        return [
            web.get("/compare", self.page),
            web.get("/compare/chart.png", self.chart),
        ]

    async def page(self, request: web.Request) -> web.Response:
        """Return the comparison; without two songs the fields, what is wrong, and suggestions."""
        async with self._reader.asking(request):
            read = (self._reader.read(request, name) for name in FIELDS)
            first, second = await asyncio.gather(*read)
            given = [side for side in (first, second) if side.text]
            if all(side.ref for side in given) and not all(side.is_canonical for side in given):
                return _redirect(first, second)
            sides = await self._reader.answered((first, second))
        one, other = (side.known for side in sides)
        if one and other:
            return await self._compared(request, sides, one, other)
        return await self._incomplete(request, sides)

    async def chart(self, request: web.Request) -> web.Response:
        """Return the chart of two songs."""
        theme = _theme(request)
        refs = [song_ids.parse(request.query.get(name, "")) for name in FIELDS]
        async with self._reader.asking(request):
            found = await self._comparison.answers([ref for ref in refs if ref])
        answers = [one for one in found if isinstance(one, Answer)]
        if len(answers) != len(refs):
            raise _no_chart(found)
        first, second = answers

        async def draw() -> bytes:
            picture = await self._comparison.chart(first, second, theme)
            if picture is None:
                raise _no_chart()
            return picture

        name = f"{caching.digest(first)} {caching.digest(second)} {theme}"
        is_ready = self._charts.is_ready(request, name)
        async with nullcontext() if is_ready else limits.drawing(request):
            return await self._charts.response(
                request, name, draw, content_type="image/png", headers=caching.public(CHART_KEPT)
            )

    async def close(self) -> None:
        """Cancel what is being drawn."""
        await self._charts.close()

    async def _compared(
        self, request: web.Request, sides: Sides, first: Known, second: Known
    ) -> web.Response:
        try:
            found = await self._comparison.compare(first.answer, second.answer)
        except SoundslikeError as error:
            return await self._incomplete(request, (failed(sides[0], error), sides[1]))
        if found.relation is Relation.SAME:
            again = Side(sides[1].name, problem=comparison.SAME_SONG)
            return await self._incomplete(request, (sides[0], again), HTTPStatus.OK)
        values = present_comparison.comparison(found, (first.ref, second.ref))
        head = _head(values, site.origin(request))
        response = self._page(request, sides, compared=values, head=head)
        return caching.kept(request, response, KEPT)

    async def _incomplete(
        self, request: web.Request, sides: Sides, status: HTTPStatus | None = None
    ) -> web.Response:
        status = status or max(side.status for side in sides)
        is_away = status is HTTPStatus.SERVICE_UNAVAILABLE
        headers = problems.retry_after(*(side.error for side in sides)) if is_away else None
        suggested = await self._suggested(sides)
        response = self._page(request, sides, status, headers, suggested=suggested)
        is_lasting = all(side.is_canonical and not side.problem for side in sides)
        return caching.kept(request, response, KEPT) if is_lasting else response

    async def _suggested(self, sides: Sides) -> list[present.Json]:
        """Return famous disputes to compare: with the song that is given, else with one another."""
        known = {side.name: song_ids.of_ref(side.ref) for side in sides if side.answer and side.ref}
        songs = [
            (song, web_page.song_name(answer.subject))
            for answer in await self._disputes.among(web_page.DISPUTES)
            if (song := song_ids.song_id(answer.subject)) and song not in known.values()
        ]
        if known:
            missing = next(side.name for side in sides if side.name not in known)
            return [
                {"label": name, "address": present_comparison.address(**{**known, missing: song})}
                for song, name in songs
            ]
        pairs = zip(songs[::2], songs[1::2], strict=False)
        versus = comparison_page.WORDS["versus"]
        return [
            {"label": f"{one} {versus} {other}", "address": present_comparison.address(a=a, b=b)}
            for (a, one), (b, other) in pairs
        ]

    def _page(
        self,
        request: web.Request,
        sides: Sides,
        status: HTTPStatus = HTTPStatus.OK,
        headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> web.Response:
        known: dict[str, Any] = {"compared": None, "suggested": []}
        known |= {"words": comparison_page.WORDS, "fields": _fields(sides)}
        return self._pages.response(
            request, "comparison.html", status=status, headers=headers, **(known | values)
        )


def _head(compared: present.Json, origin: str) -> Unfurled:
    """Return what chats display of a link to a comparison."""
    chart, picture = compared["chart"], {}
    if chart:
        picture = {
            "og:image": f"{origin}{chart[Theme.DARK.value]}",
            "og:image:type": PictureFormat.PNG.media_type,
            "og:image:width": str(chart["width"]),
            "og:image:height": str(chart["height"]),
            "og:image:alt": shorten(chart["alt"], MAX_ALT),
        }
    address = f"{origin}{compared['address']}"
    return plain(compared["title"], compared["description"], address, picture)


def _redirect(first: Side, second: Side) -> web.Response:
    ids = {one.name: song_ids.of_ref(one.ref) for one in (first, second) if one.ref}
    headers = {hdrs.LOCATION: present_comparison.address(**ids)}
    return web.Response(status=HTTPStatus.SEE_OTHER, headers=headers)


def _fields(sides: Sides) -> list[present.Json]:
    """Return both fields: what is in them, what is wrong, and what may be meant."""
    fields = []
    for side, other in (sides, sides[::-1]):
        song = song_ids.of_ref(side.ref) if side.ref and side.answer else ""
        kept = song_ids.of_ref(other.ref) if other.ref else other.text[:MAX_TYPED]
        choices_ = [
            {
                "label": label,
                "address": present_comparison.address(**{side.name: id_, other.name: kept}),
            }
            for label, id_ in side.choices
        ]
        fields.append(
            {
                "name": side.name,
                "label": comparison_page.WORDS[side.name],
                "value": name_of(side.answer) if side.answer else side.text[:MAX_TYPED],
                "song": song,
                "problem": side.problem,
                "choices": choices_,
            }
        )
    return fields


def _no_chart(found: Sequence[Answer | SoundslikeError] = ()) -> parsing.RequestRejected:
    """Return why there is no chart of these two songs."""
    status = max([HTTPStatus.NOT_FOUND, *map(status_of, found)])
    errors = (one for one in found if isinstance(one, SoundslikeError))
    is_away = status is HTTPStatus.SERVICE_UNAVAILABLE
    headers = problems.retry_after(*errors) if is_away else None
    return parsing.RequestRejected(status, "no_chart", texts.CHART_MISSING, headers)


def _theme(request: web.Request) -> Theme:
    try:
        return Theme(request.query.get("theme", Theme.LIGHT))
    except ValueError:
        raise parsing.malformed("theme") from None
