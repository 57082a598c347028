"""Pictures of songs: `/song/ID/card.png` to be shared, `/song/ID/chart.png` on their pages."""

from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from functools import partial
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from aiohttp import hdrs, web

from bot.domain.cards import Theme
from bot.domain.pictures import PictureFormat
from bot.platforms.web import limits, parsing, present, security
from bot.platforms.web.caching import Bodies, public
from bot.platforms.web.parsing import RequestRejected
from bot.platforms.web.song_answers import Found, NoSong, SongAnswers, no_picture
from bot.services.services import Services

KEPT: Final = 24
"""Pictures that are kept in memory, up to 0.7 MB each."""

SECONDS: Final = 3600
"""Time for which a picture is current; pages name it by another address when votes change it."""


Draw = Callable[[Found], Awaitable[bytes | None]]


class SongPictures:
    """Answers requests for pictures. They are the same for everyone, and drawn once."""

    def __init__(self, answers: SongAnswers, services: Services) -> None:
        self._answers = answers
        self._cards = services.cards
        self._share = services.share
        self._bodies = Bodies(KEPT)

    def routes(self) -> list[web.RouteDef]:
        """Return the endpoints."""
        formats = "|".join(PictureFormat)
        return [
            web.get(f"/song/{{song}}/card.{{format:{formats}}}", self.card),
            web.get("/song/{song}/chart.png", self.chart),
        ]

    async def card(self, request: web.Request) -> web.Response:
        """Return a song as a square picture, with the votes on it."""
        format_, theme = PictureFormat(request.match_info["format"]), _theme(request)

        def named(found: Found) -> dict[str, str]:
            name = quote(f"{present.file_name(found.answer.subject)}.{format_}")
            # Opened as a document of its own, an SVG could not use its fonts and styles.
            shown = "inline" if format_ is PictureFormat.PNG else "attachment"
            return {hdrs.CONTENT_DISPOSITION: f"{shown}; filename*=UTF-8''{name}"}

        async def draw(found: Found) -> bytes | None:
            tally, about = found.tally, "a song's picture"
            return await self._share.draw(found.answer, tally, theme, format_, about=about)

        return await self._response(
            request, lambda found: f"{found.version} {theme} {format_}", draw, format_, named
        )

    async def chart(self, request: web.Request) -> web.Response:
        """Return the chart of a song."""
        theme = _theme(request)

        async def draw(found: Found) -> bytes | None:
            return await self._cards.chart_of(found.answer, theme, f"song {found.id}")

        return await self._response(request, lambda found: f"{found.answered} {theme} chart", draw)

    async def close(self) -> None:
        """Cancel what is being drawn."""
        await self._bodies.close()

    async def _response(
        self,
        request: web.Request,
        key: Callable[[Found], str],
        draw: Draw,
        format_: PictureFormat = PictureFormat.PNG,
        named: Callable[[Found], dict[str, str]] = lambda _: {},
    ) -> web.Response:
        """Return a picture of the song that a request names; raise RequestRejected with 404."""
        try:
            found = await self._answers.find(request)
            name = key(found)
            is_ready = self._bodies.is_ready(request, name)
            async with nullcontext() if is_ready else limits.drawing(request):
                return await self._bodies.response(
                    request,
                    name,
                    partial(_drawn, draw, found),
                    content_type=format_.media_type,
                    headers={**public(SECONDS), **named(found)},
                )
        except NoSong as missing:
            rejection = RequestRejected(missing.status, missing.notice.kind, missing.notice.text)
            if missing.status is HTTPStatus.NOT_FOUND:
                raise rejection from None
            response = security.error_response(rejection)
            response.headers.update(missing.headers)
            return response


async def _drawn(draw: Draw, found: Found) -> bytes:
    """Return a picture; raise NoSong if it cannot be drawn."""
    picture = await draw(found)
    if picture is None:
        raise no_picture()
    return picture


def _theme(request: web.Request) -> Theme:
    try:
        return Theme(request.query.get("theme", Theme.DARK))
    except ValueError:
        raise parsing.malformed("theme") from None
