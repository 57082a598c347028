"""Stand-in of Deezer's API (https://developers.deezer.com/api), by replies recorded by clients.

Errors are sent with status 200, as Deezer does. The rows of searches and of top tracks have no
ISRC, those of albums and of single tracks do.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiohttp import web

from tests.stubs.music.catalogue import Song
from tests.stubs.music.matching import Index, words
from tests.stubs.music.service import Api, Rate, body

Playlists = Mapping[int, tuple[str, Sequence[Song]]]
"""Playlists by id: title and songs."""

PAGE: Final = 25
MAX_PAGE: Final = 100


class Deezer(Api):
    """The API. `playlists` maps ids to songs.

    Attributes:
        preview: The sound of every preview; without it previews lie on a foreign host.
        expired: Number of addresses of previews that are refused before one is accepted.
    """

    name = "deezer"
    rate = Rate(50, 5)

    def __init__(
        self,
        songs: Sequence[Song],
        playlists: Playlists,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self._songs = [one for one in songs if one.deezer_id]
        self._by_id = {str(one.deezer_id): one for one in self._songs}
        self._by_code = {one.isrc: one for one in reversed(self._songs) if one.isrc}
        self._playlists = playlists
        self._index = Index(self._songs, lambda one: f"{one.title} {' '.join(one.artists)}")
        self.preview = b""
        self.expired = 0
        self._signed = 0
        self.route("preview", "/preview/{id}.mp3", self._preview)
        self.route("isrc", "/track/isrc:{isrc}", self._by_isrc)
        self.route("track", "/track/{id}", self._track)
        self.route("search", "/search", self._search)
        self.route("search", "/search/track", self._search)
        self.route("search-album", "/search/album", self._search_album)
        self.route("search-artist", "/search/artist", self._search_artist)
        self.route("album", "/album/{id}", self._album)
        self.route("album", "/album/{id}/tracks", self._album_tracks)
        self.route("artist", "/artist/{id}", self._artist)
        self.route("artist", "/artist/{id}/top", self._top)
        self.route("playlist", "/playlist/{id}", self._playlist)
        self.route("playlist", "/playlist/{id}/tracks", self._playlist_tracks)

    def too_fast(self) -> web.Response:
        """Return Deezer's reply past the limit."""
        return self.quota()

    def quota(self) -> web.Response:
        """Return Deezer's reply past the limit."""
        return _error("Exception", "Quota limit exceeded", 4)

    def bad(self, reason: str) -> web.Response:
        """Return Deezer's reply to a wrong parameter."""
        return _error("ParameterException", f"Wrong parameter: {reason}", 500)

    async def _by_isrc(self, request: web.Request) -> web.Response:
        self.check(request, ())
        return self._one(self._by_code.get(request.match_info["isrc"]))

    async def _track(self, request: web.Request) -> web.Response:
        self.check(request, ())
        return self._one(self._by_id.get(request.match_info["id"]))

    async def _preview(self, request: web.Request) -> web.Response:
        """Return the sound, for an address that is signed and has not expired."""
        signature = int(request.query.get("hdnea", "0"))
        if not self.expired < signature <= self._signed:
            return web.Response(status=403)
        return web.Response(body=self.preview, content_type="audio/mpeg")

    def _one(self, one: Song | None) -> web.Response:
        if one is None or not self.preview:
            return _one(one)
        self._signed += 1
        return _one(one, f"{self.url}/preview/{one.deezer_id}.mp3?hdnea={self._signed}")

    async def _search(self, request: web.Request) -> web.Response:
        self.check(request, ("limit", "index", "strict", "order"), "q")
        found = self._index.search(request.query["q"], 300)
        return _page(request, [_row(one) for one in found])

    async def _search_album(self, request: web.Request) -> web.Response:
        self.check(request, ("limit", "index", "strict", "order"), "q")
        wanted = set(words(request.query["q"]))
        albums = {one.album_id: one for one in reversed(self._songs)}
        found = [o for o in albums.values() if wanted <= set(words(f"{o.album} {o.artist}"))]
        return _page(request, [self._album_row(one) for one in found])

    async def _search_artist(self, request: web.Request) -> web.Response:
        self.check(request, ("limit", "index", "strict", "order"), "q")
        wanted = set(words(request.query["q"]))
        artists = {one.artist_id: one for one in reversed(self._songs)}
        found = [one for one in artists.values() if wanted <= set(words(one.artist))]
        return _page(request, [_artist_row(one) for one in found])

    async def _album(self, request: web.Request) -> web.Response:
        self.check(request, ())
        songs = self._of_album(request)
        if not songs:
            return _unknown()
        first = songs[0]
        rows = [_row(one) | {"isrc": one.isrc or ""} for one in songs[:PAGE]]
        contributors = [_artist_row(first) | {"role": "Main"}]
        return body(
            self._album_row(first)
            | {"contributors": contributors, "release_date": f"{first.year or 0:04}-05-01",
               "genres": {"data": []}, "tracks": {"data": rows}}
        )  # fmt: skip

    async def _album_tracks(self, request: web.Request) -> web.Response:
        self.check(request, ("limit", "index"))
        songs = self._of_album(request)
        rows = [_row(one) | {"isrc": one.isrc or ""} for one in songs]
        for row in rows:  # the album's tracks are shown without their album
            del row["album"]
        return _page(request, rows) if songs else _unknown()

    async def _artist(self, request: web.Request) -> web.Response:
        self.check(request, ())
        songs = self._of_artist(request)
        return body(_artist_row(songs[0]) | {"nb_album": 1, "nb_fan": 2}) if songs else _unknown()

    async def _top(self, request: web.Request) -> web.Response:
        self.check(request, ("limit", "index"))
        songs = self._of_artist(request)
        ranked = sorted(songs, key=lambda one: -one.rank)
        return _page(request, [_row(one) for one in ranked], 5) if songs else _unknown()

    async def _playlist(self, request: web.Request) -> web.Response:
        self.check(request, ())
        found = self._playlists.get(int(request.match_info["id"]))
        if found is None:
            return _unknown()
        title, songs = found
        playlist = request.match_info["id"]
        rows = [_row(one) for one in songs[:400]]
        return body(
            {"id": int(playlist), "title": title, "nb_tracks": len(songs), "public": True,
             "link": f"https://www.deezer.com/playlist/{playlist}",
             "picture_big": f"https://cdn-images.dzcdn.net/images/playlist/{playlist}/500x500.jpg",
             "creator": {"id": 7, "name": "Somebody", "type": "user"}, "type": "playlist",
             "tracks": {"data": rows}}
        )  # fmt: skip

    async def _playlist_tracks(self, request: web.Request) -> web.Response:
        self.check(request, ("limit", "index"))
        found = self._playlists.get(int(request.match_info["id"]))
        return _page(request, [_row(one) for one in found[1]]) if found else _unknown()

    def _of_album(self, request: web.Request) -> list[Song]:
        wanted = request.match_info["id"]
        return [one for one in self._songs if str(one.album_id) == wanted]

    def _of_artist(self, request: web.Request) -> list[Song]:
        wanted = request.match_info["id"]
        return [one for one in self._songs if str(one.artist_id) == wanted]

    def _album_row(self, one: Song) -> dict[str, Any]:
        count = sum(other.album_id == one.album_id for other in self._songs)
        return _album_of(one) | {"nb_tracks": count, "artist": _artist_row(one)}


def _error(kind: str, message: str, code: int) -> web.Response:
    return body({"error": {"type": kind, "message": message, "code": code}})


def _unknown() -> web.Response:
    return _error("DataException", "no data", 800)


def _page(request: web.Request, rows: list[dict[str, Any]], default: int = PAGE) -> web.Response:
    try:
        limit = min(int(request.query.get("limit", default)), MAX_PAGE)
        index = int(request.query.get("index", 0))
    except ValueError:
        return _error("ParameterException", "Wrong parameter: limit", 500)
    reply: dict[str, Any] = {"data": rows[index : index + limit], "total": len(rows)}
    if index + limit < len(rows):
        reply["next"] = f"https://api.deezer.com{request.path}?index={index + limit}"
    return body(reply)


def _one(one: Song | None, preview: str | None = None) -> web.Response:
    if one is None:
        return _unknown()
    people = [
        {"id": one.artist_id + place, "name": name, "role": "Featured" if place else "Main"}
        for place, name in enumerate(one.artists)
    ]
    date = f"{one.year:04}-05-01" if one.year else "0000-00-00"
    return body(
        _row(one) | ({"preview": preview} if preview else {})
        | {"isrc": one.isrc or "", "release_date": date, "bpm": one.bpm, "gain": -8.1,
                     "track_position": 1, "disk_number": 1, "contributors": people,
                     "album": _album_of(one) | {"release_date": date}}
    )  # fmt: skip


def _row(one: Song) -> dict[str, Any]:
    """Return a track as lists show it."""
    return {
        "id": one.deezer_id,
        "readable": True,
        "title": one.title,
        "title_short": one.title.partition(" (")[0],
        "title_version": "",
        "link": f"https://www.deezer.com/track/{one.deezer_id}",
        "duration": one.duration_ms // 1000,
        "rank": one.rank,
        "explicit_lyrics": False,
        "preview": f"https://cdnt-preview.dzcdn.net/api/1/1/{one.deezer_id}.mp3?hdnea=exp=1",
        "artist": _artist_row(one),
        "album": _album_of(one),
        "type": "track",
    }


def _artist_row(one: Song) -> dict[str, Any]:
    return {
        "id": one.artist_id,
        "name": one.artist,
        "link": f"https://www.deezer.com/artist/{one.artist_id}",
        "picture_big": f"https://cdn-images.dzcdn.net/images/artist/{one.artist_id}/500x500.jpg",
        "type": "artist",
    }


def _album_of(one: Song) -> dict[str, Any]:
    return {
        "id": one.album_id,
        "title": one.album,
        "link": f"https://www.deezer.com/album/{one.album_id}",
        "cover_big": f"https://cdn-images.dzcdn.net/images/cover/{one.album_id}/500x500.jpg",
        "type": "album",
    }
