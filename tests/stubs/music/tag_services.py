"""Stand-ins of Last.fm's and Discogs' APIs, by their documentation. Both need a key."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiohttp import web

from tests.stubs.music.catalogue import Song
from tests.stubs.music.matching import words
from tests.stubs.music.service import Api, Rate, Refused, body

LASTFM_KEY: Final = "0123456789abcdef0123456789abcdef"
DISCOGS_TOKEN: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN"  # noqa: S105 - of the stand-in


class LastFm(Api):
    """Last.fm's API; errors are sent with status 200."""

    name = "lastfm"
    rate = Rate(5, 1)

    def __init__(self, songs: Sequence[Song], **options: Any) -> None:
        super().__init__(**options)
        self._songs = songs
        self.route("tags", "/2.0/", self._call)

    def too_fast(self) -> web.Response:
        """Return the reply past the limit."""
        return _lastfm_error(29, "Rate limit exceeded")

    def quota(self) -> web.Response:
        """Return the reply to a suspended key."""
        return _lastfm_error(26, "Suspended API key")

    def bad(self, reason: str) -> web.Response:
        """Return the reply to a request that is not as documented."""
        return _lastfm_error(6, reason)

    async def _call(self, request: web.Request) -> web.Response:
        self.check(
            request, ("artist", "track", "mbid", "autocorrect", "format"), "method", "api_key"
        )
        if request.query["api_key"] != LASTFM_KEY:
            return _lastfm_error(10, "Invalid API key - You must be granted a valid key by last.fm")
        if request.query.get("format") != "json":
            raise Refused(web.Response(text="<lfm/>", content_type="text/xml"))
        artist = request.query.get("artist", "")
        if not artist:
            return _lastfm_error(6, "Invalid parameters - Your request is missing a parameter")
        named = [one for one in self._songs if artist.casefold() in map(str.casefold, one.artists)]
        match request.query["method"].lower():
            case "track.gettoptags":
                track = request.query.get("track", "").casefold()
                found = next((one.tags for one in named if one.title.casefold() == track), None)
            case "artist.gettoptags":
                found = next((one.artist_tags for one in named), None)
            case _:
                return _lastfm_error(3, "Invalid Method - No method with that name in this package")
        if found is None:
            return _lastfm_error(6, "The artist you supplied could not be found")
        return body({"toptags": {"tag": _counted(found), "@attr": {"artist": artist}}})


class Discogs(Api):
    """Discogs' database search."""

    name = "discogs"
    rate = Rate(60, 60)

    def __init__(self, songs: Sequence[Song], **options: Any) -> None:
        super().__init__(**options)
        self._songs = songs
        self.route("search", "/database/search", self._search)

    def bad(self, reason: str) -> web.Response:
        """Return the reply to a request that is not as documented."""
        return web.json_response({"message": reason}, status=400)

    def too_fast(self) -> web.Response:
        """Return the reply past the limit, which names no time."""
        return web.json_response({"message": "You are making requests too quickly."}, status=429)

    async def _search(self, request: web.Request) -> web.Response:
        known = (
            "q",
            "type",
            "artist",
            "track",
            "release_title",
            "per_page",
            "page",
            "genre",
            "style",
        )
        self.check(request, known)
        if request.headers.get("Authorization") != f"Discogs token={DISCOGS_TOKEN}":
            text = {
                "message": "Invalid consumer token. Please register an app before making requests."
            }
            return web.json_response(text, status=401)
        artist = set(words(request.query.get("artist", "")))
        track = set(words(request.query.get("track", "")))
        found = [
            one
            for one in self._songs
            if artist <= set(words(" ".join(one.artists))) and track <= set(words(one.title))
        ]
        rows = [
            {"id": one.album_id, "type": "release", "title": f"{one.artist} - {one.album}",
             "year": str(one.year), "genre": ["Rock"] if "rock" in one.album_tags else ["Pop"],
             "style": [tag.title() for tag in one.album_tags], "country": "US",
             "uri": f"/release/{one.album_id}"}
            for one in found
        ]  # fmt: skip
        size = int(request.query.get("per_page", 50))
        return body({"pagination": {"items": len(rows), "page": 1}, "results": rows[:size]})


def _lastfm_error(code: int, message: str) -> web.Response:
    return body({"error": code, "message": message, "links": []})


def _counted(tags: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return tags with Last.fm's counts, of which the largest is 100."""
    most = max(tags.values(), default=1)
    ordered = sorted(tags.items(), key=lambda pair: -pair[1])
    return [
        {"count": round(100 * count / most), "name": name,
         "url": f"https://www.last.fm/tag/{name.replace(' ', '+')}"}
        for name, count in ordered
    ]  # fmt: skip
