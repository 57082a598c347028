"""Stand-in of ListenBrainz' API and of its Labs, by the source of listenbrainz-server.

`/1/metadata/lookup/` demands a user's token since 2026, so it answers 401. The Labs' queries
return a list of rows.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiohttp import web

from tests.stubs.music.catalogue import Song, uuid
from tests.stubs.music.matching import Index, words
from tests.stubs.music.musicbrainz import UUID
from tests.stubs.music.service import Api, Rate, Refused, body

INCLUDED: Final = {"artist", "tag", "release", "recording", "release_group"}
HITS: Final = 10


class ListenBrainz(Api):
    """The API and the Labs at one address."""

    name = "listenbrainz"
    rate = Rate(30, 10)
    needs_contact = True

    def __init__(self, songs: Sequence[Song], **options: Any) -> None:
        super().__init__(**options)
        self._known = [one for one in songs if one.mbid]
        self._by_id = {one.mbid: one for one in self._known}
        self._spotify: dict[str, list[str]] = {}
        for one in songs:
            for name in {one.artist, one.credit, " ".join(one.artists)}:
                self._spotify.setdefault(_key(name, one.title), []).extend(one.spotify_ids)
        self._index = Index(self._known, lambda one: f"{one.credit} {one.title}")
        self.route("metadata", "/1/metadata/recording/", self._metadata)
        self.route("lookup", "/1/metadata/lookup/", self._lookup)
        self.route("spotify-id", "/spotify-id-from-metadata/json", self._spotify_ids)
        self.route("spotify-id", "/spotify-id-from-mbid/json", self._spotify_ids_by_mbid)
        self.route("recording-search", "/recording-search/json", self._search)

    def too_fast(self) -> web.Response:
        """Return the reply past the limit, with the headers that clients are asked to read."""
        headers = {"X-RateLimit-Limit": "30", "X-RateLimit-Remaining": "0",
                   "X-RateLimit-Reset-In": "10"}  # fmt: skip
        text = {"code": 429, "error": "You have exceeded your rate limit."}
        return web.json_response(text, status=429, headers=headers)

    def bad(self, reason: str) -> web.Response:
        """Return the reply to a request that is not as documented."""
        return web.json_response({"code": 400, "error": reason}, status=400)

    async def _metadata(self, request: web.Request) -> web.Response:
        self.check(request, ("inc",), "recording_mbids")
        inc = set(request.query.get("inc", "").split())
        if inc - INCLUDED:
            raise Refused(self.bad(f"invalid inc argument '{min(inc - INCLUDED)}'."))
        wanted = request.query["recording_mbids"].split(",")
        if wrong := next((key for key in wanted if not UUID.fullmatch(key)), None):
            raise Refused(self.bad(f"Recording mbid {wrong} is not valid."))
        return body({key: _shown(self._by_id[key], inc) for key in wanted if key in self._by_id})

    async def _lookup(self, request: web.Request) -> web.Response:
        del request
        text = {"code": 401, "error": "You need to provide an Authorization header."}
        return web.json_response(text, status=401)

    async def _spotify_ids(self, request: web.Request) -> web.Response:
        asked = dict(request.query)
        for name in ("artist_name", "release_name", "track_name"):
            if name not in asked:
                raise Refused(self.bad(f"{name}: field required"))
        wanted = _key(asked["artist_name"], asked["track_name"])
        detuned = _key(re.sub(r" f(ea)?t\.? ", " ", asked["artist_name"]), asked["track_name"])
        ids = self._spotify.get(wanted) or self._spotify.get(detuned, [])
        return body([{"recording_mbid": None, **asked, "spotify_track_ids": ids}])

    async def _spotify_ids_by_mbid(self, request: web.Request) -> web.Response:
        self.check(request, (), "recording_mbid")
        mbid = request.query["recording_mbid"]
        if not UUID.fullmatch(mbid):
            raise Refused(self.bad("recording_mbid: value is not a valid uuid"))
        found = [self._by_id[mbid]] if mbid in self._by_id else []
        return body(
            [{"recording_mbid": one.mbid, "artist_name": one.credit, "release_name": one.album,
              "track_name": one.title, "spotify_track_ids": list(one.spotify_ids)} for one in found]
        )  # fmt: skip

    async def _search(self, request: web.Request) -> web.Response:
        self.check(request, (), "query")
        found = self._index.search(request.query["query"], HITS, missing=1)
        return body(
            [{"recording_name": one.title, "recording_mbid": one.mbid, "release_name": one.album,
              "release_mbid": uuid(f"release {one.album_mbid}"),
              "artist_credit_name": one.credit, "artist_credit_id": one.artist_id}
             for one in found]
        )  # fmt: skip


def _key(artist: str, track: str) -> str:
    return "".join((*words(artist), *words(track)))


def _shown(one: Song, inc: set[str]) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "recording": {"name": one.title, "length": one.duration_ms, "rels": []}
    }
    if "tag" in inc:
        shown["tag"] = {
            "recording": _tags(one.tags),
            "artist": _tags(one.artist_tags, artist_mbid=uuid(f"artist {one.artist}")),
            "release_group": _tags(one.album_tags),
        }
    if "release" in inc:
        shown["release"] = {"name": one.album, "year": one.year}
    if "artist" in inc:
        shown["artist"] = {"name": one.credit, "artists": [{"name": n} for n in one.artists]}
    return shown


def _tags(tags: Mapping[str, int], **known: str) -> list[dict[str, Any]]:
    return [{"tag": name, "count": count, **known} for name, count in tags.items()]
