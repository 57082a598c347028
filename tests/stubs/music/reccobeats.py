"""Stand-in of ReccoBeats (https://reccobeats.com/docs), with what clients report of it.

Unknown ids are absent from the reply. Searches match titles only, in no order of relevance. Two
batches at once, or two without a pause between them, are refused.
"""

from collections.abc import Sequence
from typing import Any, Final

from aiohttp import web

from tests.stubs.music.catalogue import Song, base62, uuid
from tests.stubs.music.matching import words
from tests.stubs.music.service import Api, Refused, body

MAX_IDS: Final = 40
MAX_SIZE: Final = 50
MAX_UPLOAD: Final = 5_000_000
"""Bytes of a sound that is analysed."""

ANALYSIS: Final = {
    "acousticness": 0.174,
    "danceability": 0.4004,
    "energy": 0.6899,
    "instrumentalness": 0.0309,
    "liveness": 0.1188,
    "loudness": -6.0411,
    "speechiness": 0.0566,
    "tempo": 147.7849,
    "valence": 0.2747,
}
"""Features of any sound."""

PAUSE: Final = 0.1
"""Seconds between two batches; clients wait 0.12."""


class ReccoBeats(Api):
    """The API.

    `analysed` has the sounds sent for analysis, and `media_types` what each is said to be.
    """

    name = "reccobeats"

    def __init__(self, songs: Sequence[Song], **options: Any) -> None:
        super().__init__(**options)
        self._songs = [one for one in songs if one.features]
        self.analysed: list[bytes] = []
        self.media_types: list[str] = []
        self._batches = 0
        self._last = float("-inf")
        self._by_id: dict[str, list[tuple[Song, str]]] = {}
        for one in self._songs:
            shown = (one.reccobeats_ids or (base62(f"reccobeats {one.title}"),))[0]
            for key in (*one.reccobeats_ids, one.isrc, uuid(f"reccobeats {shown}")):
                if key:
                    self._by_id.setdefault(key, []).append((one, shown))
        self._serve("POST", "analysis", "/v1/analysis/audio-features", self._analysis)
        self.route("audio-features", "/v1/audio-features", self._features)
        self.route("track", "/v1/track", self._tracks)
        self.route("search", "/v1/track/search", self._search)

    def too_fast(self) -> web.Response:
        """Return the reply past the limit."""
        headers = {} if self.retry_after is None else {"Retry-After": f"{self.retry_after:g}"}
        return web.json_response(_error(4291, "", "too many requests"), status=429, headers=headers)

    def bad(self, reason: str) -> web.Response:
        """Return the reply to a request that is not as documented."""
        return web.json_response(_error(4001, reason, "invalid"), status=400)

    async def _features(self, request: web.Request) -> web.Response:
        found = await self._batch(request)
        return body(
            {"content": [_ids(one, shown) | dict(one.features or {}) for one, shown in found]}
        )

    async def _tracks(self, request: web.Request) -> web.Response:
        found = await self._batch(request)
        return body({"content": [_track(one, shown) for one, shown in found]})

    async def _search(self, request: web.Request) -> web.Response:
        self.check(request, ("artist", "page", "size"), "searchText")
        wanted = set(words(request.query["searchText"]))
        size = int(request.query.get("size", 25))
        if len(request.query["searchText"]) < 3 or size > MAX_SIZE:
            raise Refused(self.bad("searchText or size"))
        by = set(words(request.query.get("artist", "")))
        found = [
            one
            for one in self._songs
            if wanted <= set(words(one.title)) and by <= set(words(" ".join(one.artists)))
        ]
        found.sort(key=lambda one: uuid(one.title))
        rows = [_track(one, (*one.reccobeats_ids, base62(one.title))[0]) for one in found[:size]]
        return body({"content": rows, "page": 0, "size": size, "totalElements": len(found)})

    async def _analysis(self, request: web.Request) -> web.Response:
        """Measure a sound; the reply has neither key nor mode, as the service's."""
        sound = (await request.post()).get("audioFile")
        if not isinstance(sound, web.FileField):
            return self.bad("audioFile")
        content = sound.file.read()
        if len(content) > MAX_UPLOAD:
            return web.json_response(_error(4002, "audioFile", "too big"), status=400)
        self.analysed.append(content)
        self.media_types.append(sound.content_type)
        return body(dict(ANALYSIS))

    async def _batch(self, request: web.Request) -> list[tuple[Song, str]]:
        self.check(request, (), "ids")
        asked = [key for value in request.query.getall("ids") for key in value.split(",")]
        if len(asked) > MAX_IDS:
            raise Refused(self.bad("ids"))
        if len(asked) > 1 and self._limits:
            if self._batches or self._clock() - self._last < PAUSE:
                raise Refused(self.too_fast())
            self._last = self._clock()
        found = [row for key in asked for row in self._by_id.get(key, ())]
        return list({id(one): (one, shown) for one, shown in found}.values())


def _error(status: int, path: str, message: str) -> dict[str, Any]:
    return {"status": status, "errors": [{"path": path, "message": message}]}


def _ids(one: Song, shown: str) -> dict[str, Any]:
    return {
        "id": uuid(f"reccobeats {shown}"),
        "href": f"https://open.spotify.com/track/{shown}",
        "isrc": one.isrc,
    }


def _track(one: Song, shown: str) -> dict[str, Any]:
    artists = [{"id": uuid(name), "name": name, "href": _artist(name)} for name in one.artists]
    return _ids(one, shown) | {
        "trackTitle": one.title,
        "artists": artists,
        "durationMs": one.duration_ms,
        "ean": None,
        "upc": None,
        "availableCountries": "AR,AU",
        "popularity": one.rank // 10_000,
    }


def _artist(name: str) -> str:
    return f"https://open.spotify.com/artist/{base62(name)}"
