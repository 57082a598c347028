"""Stand-in of MusicBrainz' web service, by the source of its server (musicbrainz-server).

`/isrc` accepts neither `genres` nor `release-groups`. The release groups of a recording look-up
have no tags; those of releases browsed by recording do.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

from aiohttp import web

from tests.stubs.music.catalogue import Song, uuid
from tests.stubs.music.matching import words
from tests.stubs.music.service import Api, Rate, Refused, body

RELATIONS: Final = ("url-rels", "recording-rels", "release-rels", "artist-rels", "work-rels")
COMMON: Final = ("artists", "releases", "isrcs", "artist-credits", "aliases", "tags", "ratings")
ISRC_INC: Final = (*COMMON, *RELATIONS)
RECORDING_INC: Final = (*COMMON, "genres", "release-groups", "annotation", *RELATIONS)
RELEASE_INC: Final = (*RECORDING_INC, "labels", "recordings", "media")

NOT_FOUND: Final = "Not Found"
UUID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
TOKEN: Final = re.compile(
    r"\s*(?:(?P<bracket>[()])|(?P<operator>AND|OR)\b|"
    r'(?:(?P<field>\w+):)?(?:"(?P<phrase>(?:[^"\\]|\\.)*)"|(?P<word>[^\s()":!{}\[\]^/~*?]+)))'
)
"""A token of the query syntax; words with special characters must be quoted."""


class MusicBrainz(Api):
    """The API."""

    name = "musicbrainz"
    # One request a second; a little less, as requests do not take equally long.
    rate = Rate(1, 0.9)
    needs_contact = True

    def __init__(self, songs: Sequence[Song], **options: Any) -> None:
        super().__init__(**options)
        self._songs = [one for one in songs if one.mbid]
        self._by_id = {one.mbid: one for one in self._songs}
        self._by_code: dict[str | None, list[Song]] = {}
        for one in self._songs:
            self._by_code.setdefault(one.isrc, []).append(one)
        self._by_address = {
            f"https://open.spotify.com/track/{key}": one
            for one in self._songs
            for key in one.spotify_ids
        }
        self.route("isrc", "/ws/2/isrc/{isrc}", self._isrc)
        self.route("recording", "/ws/2/recording/{id}", self._recording)
        self.route("search", "/ws/2/recording", self._search)
        self.route("release", "/ws/2/release", self._releases)
        self.route("url", "/ws/2/url", self._url)

    def too_fast(self) -> web.Response:
        """Return the reply past the limit."""
        reason = "Your requests are exceeding the allowable rate limit. Please see the manual."
        return web.json_response({"error": reason}, status=503, headers={"Retry-After": "1"})

    def bad(self, reason: str) -> web.Response:
        """Return the reply to a request that is not as documented."""
        return web.json_response({"error": reason, "help": "For usage, see."}, status=400)

    async def _isrc(self, request: web.Request) -> web.Response:
        inc = self._included(request, ISRC_INC, "isrc")
        code = request.match_info["isrc"]
        if not re.fullmatch(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}", code):
            raise Refused(self.bad("Invalid isrc."))
        found = self._by_code.get(code)
        if not found:
            return _not_found()
        return body({"isrc": code, "recordings": [_recording(one, inc) for one in found]})

    async def _recording(self, request: web.Request) -> web.Response:
        inc = self._included(request, RECORDING_INC, "recording")
        one = self._find(request.match_info["id"])
        if one is None:
            return _not_found()
        shown = _recording(one, inc)
        if "releases" in inc:
            shown["releases"] = [_release(one, inc, tagged=False)]
        if "genres" in inc:
            shown["genres"] = _tags(one.tags)
        return body(shown)

    async def _releases(self, request: web.Request) -> web.Response:
        inc = self._included(request, RELEASE_INC, "release", "recording", "limit", "offset")
        one = self._find(request.query.get("recording", ""))
        if one is None:
            return _not_found()
        rows = [_release(one, inc, tagged=True)]
        return body({"release-count": 1, "release-offset": 0, "releases": rows})

    async def _url(self, request: web.Request) -> web.Response:
        inc = self._included(request, (*RELATIONS, "artist-credits"), "url", "resource")
        resource = request.query.get("resource", "")
        if "artist-credits" in inc and not set(RELATIONS) & inc:
            raise Refused(self.bad("artist-credits is not a valid option for the inc parameter"))
        one = self._by_address.get(resource)
        if one is None:
            return _not_found()
        relation = {"type": "free streaming", "target-type": "recording", "direction": "backward",
                    "recording": _recording(one, inc - {"tags", "url-rels"})}  # fmt: skip
        shown: dict[str, Any] = {"id": uuid(f"url {resource}"), "resource": resource}
        return body(shown | ({"relations": [relation]} if "recording-rels" in inc else {}))

    async def _search(self, request: web.Request) -> web.Response:
        self.check(request, ("fmt", "limit", "offset"), "query")
        self._check_format(request)
        try:
            score = _search_words(request.query["query"])
        except ValueError as error:
            raise Refused(self.bad("Unable to parse the search query")) from error
        scored = [(found, one) for one in self._songs if (found := score(one))]
        scored.sort(key=lambda pair: (-pair[0], pair[1].mbid))
        limit = min(int(request.query.get("limit", 25)), 100)
        rows = [
            _recording(one, {"artist-credits", "tags", "isrcs"}) | {"score": round(100 * found)}
            for found, one in scored[:limit]
        ]
        return body({"count": len(scored), "offset": 0, "recordings": rows})

    def _find(self, mbid: str) -> Song | None:
        if not UUID.fullmatch(mbid):
            raise Refused(self.bad("Invalid mbid."))
        return self._by_id.get(mbid)

    def _check_format(self, request: web.Request) -> None:
        if request.query.get("fmt") != "json":  # the service answers in XML by default
            raise Refused(web.Response(text="<metadata/>", content_type="application/xml"))

    def _included(
        self, request: web.Request, allowed: Collection[str], resource: str, *others: str
    ) -> set[str]:
        self.check(request, ("inc", "fmt", *others))
        self._check_format(request)
        inc = set(request.query.get("inc", "").replace("+", " ").split())
        if unknown := inc - set(allowed):
            reason = f"{min(unknown)} is not a valid inc parameter for the {resource} resource."
            raise Refused(self.bad(reason))
        return inc


def _not_found() -> web.Response:
    return web.json_response({"error": NOT_FOUND, "help": "For usage, see."}, status=404)


def _recording(one: Song, inc: Collection[str]) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": one.mbid,
        "title": one.title,
        "disambiguation": "",
        "length": one.duration_ms,
        "video": False,
    }
    if one.year:
        shown["first-release-date"] = f"{one.year:04}-05-01"
    if "artist-credits" in inc:
        shown["artist-credit"] = _credit(one, inc)
    if "isrcs" in inc:
        shown["isrcs"] = [one.isrc] if one.isrc else []
    if "tags" in inc:
        shown["tags"] = _tags(one.tags)
    if "url-rels" in inc:
        shown["relations"] = [
            {"type": "free streaming", "target-type": "url", "direction": "forward",
             "url": {"id": uuid(f"url {key}"), "resource": f"https://open.spotify.com/track/{key}"}}
            for key in one.spotify_ids
        ]  # fmt: skip
    return shown


def _credit(one: Song, inc: Collection[str]) -> list[dict[str, Any]]:
    last = len(one.artists) - 1
    return [
        {
            "name": name,
            "joinphrase": "" if place == last else " feat. " if place == 0 else " & ",
            "artist": {"id": uuid(f"artist {name}"), "name": name, "sort-name": name}
            | ({"tags": _tags(one.artist_tags if place == 0 else {})} if "tags" in inc else {}),
        }
        for place, name in enumerate(one.artists)
    ]


def _release(one: Song, inc: Collection[str], *, tagged: bool) -> dict[str, Any]:
    group: dict[str, Any] = {
        "id": one.album_mbid,
        "title": one.album,
        "primary-type": "Album",
        "secondary-types": [],
        "first-release-date": f"{one.year or 0:04}",
    }
    if "tags" in inc:
        group["tags"] = _tags(one.album_tags if tagged else {})
    shown: dict[str, Any] = {"id": uuid(f"release {one.album_mbid}"), "title": one.album,
                             "status": "Official", "date": f"{one.year or 0:04}-05-01"}  # fmt: skip
    return shown | ({"release-group": group} if "release-groups" in inc else {})


def _tags(tags: Mapping[str, int]) -> list[dict[str, Any]]:
    return [{"name": name, "count": count} for name, count in sorted(tags.items()) if count > 0]


def _search_words(query: str) -> Callable[[Song], float]:
    """Return the score of a Lucene query, 0 without a match; raise ValueError if it is malformed.

    Own code: a boolean query of exact words is enough here.
    """
    tokens: list[re.Match[str]] = []
    place = 0
    while query[place:].strip():
        found = TOKEN.match(query, place)
        if not found:
            raise ValueError(query[place:])
        tokens.append(found)
        place = found.end()
    node, rest = _alternatives(tokens)
    if rest or not tokens:
        raise ValueError(query)
    return node


Node = Callable[[Song], float]


def _alternatives(tokens: Sequence[re.Match[str]]) -> tuple[Node, Sequence[re.Match[str]]]:
    nodes: list[Node] = []
    while True:
        node, tokens = _all_of(tokens)
        nodes.append(node)
        if not tokens or tokens[0]["operator"] != "OR":
            return (lambda one: max(node(one) for node in nodes)), tokens
        tokens = tokens[1:]


def _all_of(tokens: Sequence[re.Match[str]]) -> tuple[Node, Sequence[re.Match[str]]]:
    nodes: list[Node] = []
    while tokens and tokens[0]["bracket"] != ")" and tokens[0]["operator"] != "OR":
        if tokens[0]["operator"] == "AND":
            tokens = tokens[1:]
            continue
        if tokens[0]["bracket"]:
            node, tokens = _alternatives(tokens[1:])
            if not tokens or tokens[0]["bracket"] != ")":
                raise ValueError("a bracket is not closed")
            tokens = tokens[1:]
        else:
            node, tokens = _term(tokens[0]), tokens[1:]
        nodes.append(node)
    if not nodes:
        raise ValueError("an empty query")
    return (lambda one: min(node(one) for node in nodes)), tokens


def _term(token: re.Match[str]) -> Node:
    text = re.sub(
        r"\\(.)", r"\1", token["phrase"] if token["phrase"] is not None else token["word"]
    )
    wanted = set(words(text))
    field = token["field"] or "any"

    def score(one: Song) -> float:
        names = {
            "recording": one.title,
            "artist": " ".join(one.artists),
            "isrc": one.isrc or "",
            "any": f"{one.title} {' '.join(one.artists)}",
        }
        has = set(words(names.get(field, "")))
        return len(wanted) / max(1, len(has)) if wanted <= has and wanted else 0.0

    return score
