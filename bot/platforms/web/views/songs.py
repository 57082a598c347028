"""Pages of songs: `/song/ID`, the same as JSON, and their data for oEmbed (https://oembed.com)."""

import json
from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from aiohttp import hdrs, web

from bot import texts
from bot.domain.pictures import SHARE_PIXELS
from bot.domain.replies import Notice
from bot.platforms.web import origins, present, site
from bot.platforms.web.caching import Bodies, public
from bot.platforms.web.pages import Pages
from bot.platforms.web.song_answers import Found, NoSong, SongAnswers, no_such_song
from bot.platforms.web.unfurling import picture_address, unfurled
from bot.platforms.web.views.missing import problem_page
from bot.texts import answer_json, song_page
from bot.texts import site as site_words

KEPT: Final = 256
"""Pages that are kept in memory, 20 kB each."""

SECONDS: Final = 300
"""Time for which a page is current; votes change it."""

NOT_INDEXED: Final = {"X-Robots-Tag": "noindex"}
JSON: Final = "application/json"
PORTS: Final = {"http": 80, "https": 443}


class Songs:
    """Answers requests for songs. What is returned is the same for everyone."""

    def __init__(self, answers: SongAnswers, pages: Pages) -> None:
        self._answers = answers
        self._pages = pages
        self._bodies = Bodies(KEPT)

    def routes(self) -> list[web.RouteDef]:
        """Return the endpoints; the last one takes what no other one below `/song/` does."""
        return [
            web.get(r"/song/{song:[^/]+}.json", self.data),
            web.get("/song/{song}", self.song),
            web.get("/song/{song}/", self.song),
            web.get("/oembed", self.oembed),
            web.get("/song", self.nothing),
            web.get("/song/{rest:.*}", self.nothing),
        ]

    async def song(self, request: web.Request) -> web.Response:
        """Return the page of a song; the address of the same song by another id leads to it."""
        try:
            found = await self._answers.find(request)
        except NoSong as missing:
            return problem_page(request, self._pages, missing)
        headers = public(SECONDS)
        if request.path != found.address:
            headers[hdrs.LOCATION] = found.address
            return web.Response(status=HTTPStatus.MOVED_PERMANENTLY, headers=headers)
        origin = site.origin(request)
        make = partial(self._page, request, found, origin)
        key = f"{origin} {found.id} {found.version}"
        return await self._bodies.response(
            request, key, make, content_type="text/html", headers=headers
        )

    async def data(self, request: web.Request) -> web.Response:
        """Return what `ask --json` prints, errors with their status."""
        try:
            found = await self._answers.find(request)
        except NoSong as missing:
            return _error(missing.status, missing.notice, missing.headers)

        async def make() -> bytes:
            return json.dumps(answer_json.as_dict(found.answer)).encode()

        headers = {**public(SECONDS), **NOT_INDEXED}
        key = f"json {found.answered}"
        return await self._bodies.response(request, key, make, content_type=JSON, headers=headers)

    async def oembed(self, request: web.Request) -> web.Response:
        """Return the oEmbed data of a song's page: its picture, if that is as small as asked."""
        if request.query.get("format", "json") != "json":
            return _refused(HTTPStatus.NOT_IMPLEMENTED, song_page.ONLY_JSON)
        if not (address := request.query.get("url")):
            return _refused(HTTPStatus.BAD_REQUEST, song_page.URL_MISSING)
        origin = site.origin(request)
        if (song_id := _song_at(address, request)) is None:
            return _refused(HTTPStatus.NOT_FOUND, song_page.NO_EMBEDDING)
        try:
            largest = min(_limit(request, "maxwidth"), _limit(request, "maxheight"))
        except ValueError:
            return _refused(HTTPStatus.BAD_REQUEST, song_page.SIZE_MALFORMED)
        try:
            found = await self._answers.find(request, song_id)
        except NoSong as missing:
            return _error(missing.status, missing.notice, missing.headers)
        body = json.dumps(_embedding(found, origin, largest)).encode()

        async def make() -> bytes:
            return body

        headers = {**public(SECONDS), **NOT_INDEXED}
        key = f"oembed {origin} {found.id} {found.version} {largest >= SHARE_PIXELS}"
        return await self._bodies.response(request, key, make, content_type=JSON, headers=headers)

    async def nothing(self, request: web.Request) -> web.Response:
        """Return the page that says that there is nothing at an address."""
        return problem_page(request, self._pages, no_such_song())

    async def close(self) -> None:
        """Cancel what is being made."""
        await self._bodies.close()

    async def _page(self, request: web.Request, found: Found, origin: str) -> bytes:
        card = present.song(found.answer, found.id, found.answered, found.tally)
        page = self._pages.page(
            request,
            "song.html",
            origin=origin,
            path=request.path,
            card=card,
            head=unfurled(found, origin),
        )
        return page.encode()


def _embedding(found: Found, origin: str, largest: int) -> dict[str, Any]:
    """Return the oEmbed data for a picture whose sides have at most `largest` pixels.

    A larger picture is not sent, as none would be of the size that is asked for; then it is a link.
    """
    track = found.answer.subject
    data: dict[str, Any] = {
        "version": "1.0",
        "type": "link",
        "title": texts.headline(track),
        "provider_name": site_words.FRAME["name"],
        "provider_url": f"{origin}/",
        "cache_age": SECONDS,
    }
    if artists := texts.artists(track):
        data["author_name"] = artists
    if largest >= SHARE_PIXELS:
        picture = {
            "url": picture_address(found, origin),
            "width": SHARE_PIXELS,
            "height": SHARE_PIXELS,
        }
        data |= {**picture, **{f"thumbnail_{name}": value for name, value in picture.items()}}
        data["type"] = "photo"
    return data


def _song_at(address: str, request: web.Request) -> str | None:
    """Return the id in the address of a song's page of this site; None for any other address."""
    try:
        parts, ours = urlsplit(address), urlsplit(site.origin(request))
        is_ours = parts.scheme in PORTS and (
            _host(parts) == _host(ours)
            or origins.accepts(parts.netloc.lower(), request, request.app[site.SITE])
        )
    except ValueError:
        return None
    start, _, song_id = parts.path.removesuffix("/").rpartition("/")
    return song_id if is_ours and start == "/song" else None


def _host(parts: SplitResult) -> tuple[str | None, int | None]:
    """Return host and port, without the default one; raise ValueError for a malformed port."""
    is_default = parts.port in (None, PORTS.get(parts.scheme))
    return parts.hostname, None if is_default else parts.port


def _limit(request: web.Request, name: str) -> int:
    """Return the largest size that is wanted, in pixels; raise ValueError for none above 0."""
    value = request.query.get(name)
    if value is None:
        return SHARE_PIXELS
    if not (value.isascii() and value.isdigit() and int(value[:9])):
        raise ValueError(name)
    return int(value[:9])


def _refused(status: HTTPStatus, text: str) -> web.Response:
    body = {"error": {"code": status.name.lower(), "message": text}}
    return web.json_response(body, status=status, headers=NOT_INDEXED)


def _error(status: HTTPStatus, notice: Notice, headers: Mapping[str, str]) -> web.Response:
    return web.json_response(answer_json.error_as_dict(notice), status=status, headers=headers)
