"""Stand-in of Spotify's Web API and token endpoint, by its OpenAPI document.

As for apps in development mode in 2026, playlists, top tracks and audio features answer 403, and a
search for more than ten tracks 400.
"""

import base64
from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiohttp import web

from tests.stubs.music.catalogue import Song, base62
from tests.stubs.music.matching import Index
from tests.stubs.music.service import Api, Refused, body

Playlists = Mapping[str, tuple[str, Sequence[Song]]]
"""Playlists by id: title and songs."""

CLIENT_ID: Final = "0123456789abcdef0123456789abcdef"
CLIENT_SECRET: Final = "fedcba9876543210fedcba9876543210"  # noqa: S105 - of the stand-in
TOKEN: Final = "BQ-stand-in"  # noqa: S105 - of the stand-in
MAX_SEARCH: Final = 10
MAX_ALBUM_TRACKS: Final = 50

PREMIUM: Final = (
    "Active premium subscription required for the owner of the app. When the subscription status "
    "changes, it can take a few hours before requests are allowed again."
)


class Spotify(Api):
    """The API.

    Attributes:
        premium: Whether the app's owner has Premium; without it every request is refused.
        open_playlists: Whether playlists can be read, as for apps with extended quota.
    """

    name = "spotify"

    def __init__(
        self,
        songs: Sequence[Song],
        playlists: Playlists,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.premium = True
        self.open_playlists = False
        self._songs = [one for one in songs if one.spotify_ids]
        self._by_id = {key: one for one in self._songs for key in one.spotify_ids}
        self._playlists = playlists
        self._index = Index(self._songs, lambda one: f"{one.title} {' '.join(one.artists)}")
        self._serve("POST", "token", "/api/token", self._token)
        self.route("track", "/v1/tracks/{id}", self._track)
        self.route("search", "/v1/search", self._search)
        self.route("album", "/v1/albums/{id}", self._album)
        self.route("album-tracks", "/v1/albums/{id}/tracks", self._album_tracks)
        self.route("album-tracks", "/v1/albums/{id}/tracks/", self._album_tracks)
        self.route("artist", "/v1/artists/{id}", self._artist)
        self.route("playlist", "/v1/playlists/{id}", self._playlist)
        self.route("playlist", "/v1/playlists/{id}/items", self._playlist_items)
        self.route("playlist", "/v1/playlists/{id}/tracks", self._playlist_items)
        self.route("top-tracks", "/v1/artists/{id}/top-tracks", self._closed)
        self.route("audio-features", "/v1/audio-features/", self._closed)
        self.route("audio-features", "/v1/audio-features", self._closed)

    def bad(self, reason: str) -> web.Response:
        """Return the reply to a request that is not as documented."""
        return _error(400, reason)

    def quota(self) -> web.Response:
        """Return the reply for a used-up quota."""
        reply = {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}
        headers = {"Retry-After": "49861"}
        return web.json_response({"error": reply}, status=429, headers=headers)

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        secret = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {secret}":
            text = {"error": "invalid_client", "error_description": "Invalid client"}
            return web.json_response(text, status=400)
        if form.get("grant_type") != "client_credentials":
            return web.json_response({"error": "unsupported_grant_type"}, status=400)
        return body({"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600})

    async def _track(self, request: web.Request) -> web.Response:
        self._authorised(request, ("market",))
        key = request.match_info["id"]
        one = self._by_id.get(key)
        return body(_track(one, key)) if one else _error(404, "Resource not found")

    async def _search(self, request: web.Request) -> web.Response:
        self._authorised(request, ("market", "limit", "offset", "include_external"), "q", "type")
        limit = int(request.query.get("limit", 5))
        if not 0 <= limit <= MAX_SEARCH:
            raise Refused(_error(400, "Invalid limit"))
        found = self._index.search(request.query["q"], 1000)
        offset = int(request.query.get("offset", 0))
        items = [_track(one, one.spotify_ids[0]) for one in found[offset : offset + limit]]
        return body({"tracks": _paging(request, items, len(found), limit, offset)})

    async def _album(self, request: web.Request) -> web.Response:
        self._authorised(request, ("market",))
        songs = self._of_album(request)
        if not songs:
            return _error(404, "Resource not found")
        items = [_simple(one) for one in songs[:MAX_ALBUM_TRACKS]]
        tracks = _paging(request, items, len(songs), MAX_ALBUM_TRACKS, 0)
        rest = {"tracks": tracks, "copyrights": [], "external_ids": {}, "genres": [], "label": "x",
                "popularity": 0}  # fmt: skip
        return body(_album(songs[0], len(songs)) | rest)

    async def _album_tracks(self, request: web.Request) -> web.Response:
        self._authorised(request, ("market", "limit", "offset"))
        songs = self._of_album(request)
        limit = int(request.query.get("limit", 20))
        if not 0 <= limit <= MAX_ALBUM_TRACKS:
            raise Refused(_error(400, "Invalid limit"))
        offset = int(request.query.get("offset", 0))
        items = [_simple(one) for one in songs[offset : offset + limit]]
        return body(_paging(request, items, len(songs), limit, offset))

    async def _artist(self, request: web.Request) -> web.Response:
        self._authorised(request, ())
        key = request.match_info["id"]
        artists = (name for one in self._songs for name in one.artists)
        name = next((name for name in artists if _artist(name)["id"] == key), None)
        images = [{"url": f"https://i.scdn.co/image/{key}", "height": 640, "width": 640}]
        return body(_artist(name) | {"images": images}) if name else _error(404, "Not found")

    async def _playlist(self, request: web.Request) -> web.Response:
        found = self._readable(request)
        title, songs = found
        key = request.match_info["id"]
        items = [
            {"track": _track(one, one.spotify_ids[0]), "is_local": False} for one in songs[:100]
        ]
        owner = {"id": "somebody", "display_name": "Somebody", "type": "user"}
        link = {"spotify": f"https://open.spotify.com/playlist/{key}"}
        shown = {"id": key, "name": title, "type": "playlist", "owner": owner, "images": []}
        page = _paging(request, items, len(songs), 100, 0)
        return body(shown | {"external_urls": link, "items": page})

    async def _playlist_items(self, request: web.Request) -> web.Response:
        _, songs = self._readable(request)
        offset, limit = (
            int(request.query.get(name, d)) for name, d in (("offset", 0), ("limit", 20))
        )
        chosen = songs[offset : offset + limit]
        items = [{"track": _track(one, one.spotify_ids[0]), "is_local": False} for one in chosen]
        return body(_paging(request, items, len(songs), limit, offset))

    async def _closed(self, request: web.Request) -> web.Response:
        self._authorised(request, ("market", "ids"))
        return _error(403, "Forbidden")

    def _readable(self, request: web.Request) -> tuple[str, Sequence[Song]]:
        known = ("market", "fields", "additional_types", "limit", "offset")
        self._authorised(request, known)
        found = self._playlists.get(request.match_info["id"])
        if not self.open_playlists:
            raise Refused(_error(403, "Forbidden"))
        if found is None:
            raise Refused(_error(404, "Resource not found"))
        return found

    def _authorised(self, request: web.Request, known: Sequence[str], *needed: str) -> None:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            raise Refused(_error(401, "Invalid access token"))
        if not self.premium:  # plain text, no JSON
            raise Refused(web.Response(status=403, text=PREMIUM))
        self.check(request, known, *needed)

    def _of_album(self, request: web.Request) -> list[Song]:
        wanted = request.match_info["id"]
        return [one for one in self._songs if one.album_spotify_id == wanted]


def _error(status: int, message: str) -> web.Response:
    return web.json_response({"error": {"status": status, "message": message}}, status=status)


def _paging(
    request: web.Request, items: list[dict[str, Any]], total: int, limit: int, offset: int
) -> dict[str, Any]:
    more = f"https://api.spotify.com{request.path}?offset={offset + limit}&limit={limit}"
    return {
        "href": f"https://api.spotify.com{request.path}",
        "items": items,
        "limit": limit,
        "next": more if offset + limit < total else None,
        "offset": offset,
        "previous": None,
        "total": total,
    }


def _artist(name: str) -> dict[str, Any]:
    key = base62(f"artist {name}")
    return {
        "id": key,
        "name": name,
        "type": "artist",
        "uri": f"spotify:artist:{key}",
        "href": f"https://api.spotify.com/v1/artists/{key}",
        "external_urls": {"spotify": f"https://open.spotify.com/artist/{key}"},
    }


def _simple(one: Song) -> dict[str, Any]:
    """Return a track as albums show it, without ISRC."""
    key = one.spotify_ids[0]
    return {
        "id": key,
        "name": one.title,
        "artists": [_artist(name) for name in one.artists],
        "disc_number": 1,
        "duration_ms": one.duration_ms,
        "explicit": False,
        "external_urls": {"spotify": f"https://open.spotify.com/track/{key}"},
        "href": f"https://api.spotify.com/v1/tracks/{key}",
        "is_local": False,
        "track_number": 1,
        "type": "track",
        "uri": f"spotify:track:{key}",
    }


def _track(one: Song, key: str) -> dict[str, Any]:
    return _simple(one) | {
        "id": key,
        "uri": f"spotify:track:{key}",
        "href": f"https://api.spotify.com/v1/tracks/{key}",
        "external_urls": {"spotify": f"https://open.spotify.com/track/{key}"},
        "album": _album(one, 1),
        "external_ids": {"isrc": one.isrc} if one.isrc else {},
        "is_playable": True,
        "popularity": 0,
    }


def _album(one: Song, count: int) -> dict[str, Any]:
    key = one.album_spotify_id
    return {
        "id": key,
        "name": one.album,
        "album_type": "album",
        "artists": [_artist(one.artist)],
        "available_markets": [],
        "external_urls": {"spotify": f"https://open.spotify.com/album/{key}"},
        "href": f"https://api.spotify.com/v1/albums/{key}",
        "images": [{"url": f"https://i.scdn.co/image/{key}", "height": 640, "width": 640}],
        "release_date": f"{one.year or 1970:04}-05-01",
        "release_date_precision": "day",
        "total_tracks": count,
        "type": "album",
        "uri": f"spotify:album:{key}",
    }
