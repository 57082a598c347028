"""ReccoBeats (https://reccobeats.com/docs): tracks by Spotify id, ISRC or free text, without a key.

Unknown ids are silently absent from `content`, and a row's own `id` is ReccoBeats', so rows are
matched by the Spotify id that their `href` ends in.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from bot.domain.links import parse
from bot.domain.tracks import Track
from bot.sources.http_client import HttpService
from model.errors import BadValue
from model.schema import read

NAME: Final = "reccobeats"
SHORTEST_SEARCH: Final = 3
"""Characters; a shorter search is an error there."""


class ReccoBeatsLookup:
    """The catalogue behind `/v1/track`."""

    def __init__(self, service: HttpService) -> None:
        self._service = service

    async def get(self, track_id: str) -> Track | None:
        """Look a track up by its Spotify id."""
        rows = content(self._service, await self._service.get("/v1/track", ids=track_id))
        return next((self._track(row) for row in rows if spotify_id(row) == track_id), None)

    async def search(self, text: str) -> Sequence[Track]:
        """Find tracks by title, or by "title - artist"."""
        title, _, artist = text.rpartition(" - ") if " - " in text else (text, "", "")
        if len(title.strip()) < SHORTEST_SEARCH:
            return []
        params = {"searchText": title.strip(), "page": "0", "size": "10"}
        if artist.strip():
            params["artist"] = artist.strip()
        found = await self._service.get("/v1/track/search", **params)
        return [self._track(row) for row in content(self._service, found) if spotify_id(row)]

    def _track(self, row: Mapping[str, Any]) -> Track:
        match row:
            case {"trackTitle": str(title), "artists": list(artists)}:
                names = tuple(a["name"] for a in artists if isinstance(a, dict) and "name" in a)
            case _:
                raise self._service.malformed("a track without trackTitle and artists")
        track_id, isrc = spotify_id(row), row.get("isrc")
        return Track(
            id=track_id,
            title=title,
            artists=tuple(str(name) for name in names),
            url=f"https://open.spotify.com/track/{track_id}",
            isrc=isrc if isinstance(isrc, str) else None,
            duration_ms=_milliseconds(row.get("durationMs")),
        )


def content(service: HttpService, reply: object) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of a list reply; none where the service knew nothing."""
    match reply:
        case None:
            return
        case {"content": list(rows)} if all(isinstance(row, dict) for row in rows):
            yield from rows
        case _:
            raise service.malformed("no content list")


def _milliseconds(duration: object) -> int | None:
    try:
        read_duration = read("duration_ms", duration)
    except BadValue:
        return None
    return None if read_duration is None else int(read_duration)


def spotify_id(row: Mapping[str, Any]) -> str | None:
    """Return the Spotify id that a row's `href` names."""
    link = parse(str(row.get("href", "")))
    return link.id if link and link.kind == "track" else None
