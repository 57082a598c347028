"""Stand-in of the iTunes Search API, by Apple's documentation and recorded replies.

`lookup` by ISRC finds nothing, as clients report.
"""

from collections.abc import Sequence
from typing import Any, Final

from aiohttp import web

from tests.stubs.music.catalogue import Song
from tests.stubs.music.matching import Index
from tests.stubs.music.service import Api, Rate, Refused, body

MAX_LIMIT: Final = 200


class ITunes(Api):
    """The API. `preview` is the sound of every preview."""

    name = "itunes"
    rate = Rate(20, 60)

    def __init__(self, songs: Sequence[Song], **options: Any) -> None:
        super().__init__(**options)
        self._songs = [one for one in songs if one.itunes_id]
        self._index = Index(self._songs, lambda one: f"{one.title} {' '.join(one.artists)}")
        self.preview = b""
        self.route("preview", "/preview/{id}.m4a", self._preview)
        self.route("lookup", "/lookup", self._lookup)
        self.route("search", "/search", self._search)

    def too_fast(self) -> web.Response:
        """Return the reply past the limit."""
        return web.Response(status=403, text="")

    async def _lookup(self, request: web.Request) -> web.Response:
        self.check(request, ("id", "country", "entity", "limit", "isrc", "upc"))
        _check_country(self, request)
        wanted = request.query.get("id", "")
        if album := [one for one in self._songs if str(one.album_id) == wanted]:
            tracks = [_track(one) for one in album] if request.query.get("entity") == "song" else []
            limit = int(request.query.get("limit", 50))
            return _results([_album(album), *tracks[:limit]])
        if by := [one for one in self._songs if str(one.artist_id) == wanted]:
            limit = int(request.query.get("limit", 50))
            songs = [_track(one) for one in by] if request.query.get("entity") == "song" else []
            artist = {"wrapperType": "artist", "artistName": by[0].artist, "artistId": int(wanted)}
            return _results([artist, *songs[:limit]])
        return _results([_track(one) for one in self._songs if str(one.itunes_id) == wanted])

    async def _preview(self, _: web.Request) -> web.Response:
        return web.Response(body=self.preview, content_type="audio/x-m4a")

    async def _search(self, request: web.Request) -> web.Response:
        self.check(request, ("country", "media", "entity", "attribute", "limit", "lang"), "term")
        _check_country(self, request)
        if request.query.get("entity", "song") != "song":
            raise Refused(self.bad("only songs are known here"))
        limit = int(request.query.get("limit", 50))
        if not 1 <= limit <= MAX_LIMIT:
            raise Refused(self.bad("Invalid value(s) for key(s): [limit]"))
        found = self._index.search(request.query["term"], limit)
        rows = [_track(one) for one in found]
        for row in rows if self.preview else ():
            row["previewUrl"] = f"{self.url}/preview/{row['trackId']}.m4a"
        return _results(rows)


def _check_country(api: Api, request: web.Request) -> None:
    country = request.query.get("country", "US")
    if len(country) != 2 or not country.isalpha():
        raise Refused(api.bad("Invalid value(s) for key(s): [country]"))


def _results(rows: list[dict[str, Any]]) -> web.Response:
    # The service sends its JSON as text/javascript.
    reply = body({"resultCount": len(rows), "results": rows})
    reply.headers["Content-Type"] = "text/javascript; charset=utf-8"
    return reply


def _track(one: Song) -> dict[str, Any]:
    link = f"https://music.apple.com/us/album/x/{one.album_id}?i={one.itunes_id}&uo=4"
    return {
        "wrapperType": "track",
        "kind": "song",
        "artistId": one.artist_id,
        "collectionId": one.album_id,
        "trackId": one.itunes_id,
        "artistName": " & ".join(one.artists),
        "collectionName": one.album,
        "trackName": one.title,
        "trackViewUrl": link,
        "artworkUrl100": f"https://is1-ssl.mzstatic.com/image/{one.itunes_id}/100x100bb.jpg",
        "previewUrl": f"https://audio-ssl.itunes.apple.com/{one.itunes_id}.m4a",
        "releaseDate": f"{one.year or 1970:04}-05-01T12:00:00Z",
        "trackTimeMillis": one.duration_ms,
        "trackNumber": 1,
        "country": "USA",
        "primaryGenreName": "Pop",
    }


def _album(songs: Sequence[Song]) -> dict[str, Any]:
    first = songs[0]
    return {
        "wrapperType": "collection",
        "collectionType": "Album",
        "artistId": first.artist_id,
        "collectionId": first.album_id,
        "artistName": first.artist,
        "collectionName": first.album,
        "collectionViewUrl": f"https://music.apple.com/us/album/x/{first.album_id}?uo=4",
        "artworkUrl100": f"https://is1-ssl.mzstatic.com/image/{first.album_id}/100x100bb.jpg",
        "trackCount": len(songs),
        "releaseDate": f"{first.year or 1970:04}-05-01T12:00:00Z",
        "primaryGenreName": "Pop",
    }
