"""ReccoBeats (https://reccobeats.com/docs): tracks and audio features, without a key.

Unknown ids are absent from `content`, and a row's own `id` is ReccoBeats', so rows are matched by
the Spotify id at the end of their `href`.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from bot.domain.links import parse
from bot.domain.song_query import SongQuery
from bot.domain.tracks import AudioFeatures, MeasuredTrack, Track
from bot.sources import names
from bot.sources.feature_values import read_features
from bot.sources.http_client import HttpService
from model.errors import BadValue
from model.schema import read

NAME: Final = "reccobeats"
MAX_RESULTS: Final = 10
MIN_SEARCH_LENGTH: Final = 3
"""Characters; the service rejects shorter searches."""


class ReccoBeatsLookup:
    """Implements TrackLookup with `/v1/track`, and TrackSearch with `/v1/track/search`."""

    name = NAME

    def __init__(self, service: HttpService) -> None:
        self._service = service

    async def get(self, known: Track) -> Track | None:
        """Return the track with a Spotify id, else with an ISRC."""
        query = known.spotify_id or known.isrc
        if query is None:
            return None
        rows = _content(self._service, await self._service.get("track", "/v1/track", ids=query))
        return next((self._track(row) for row in rows if _is_of(row, known)), None)

    async def search(self, query: SongQuery) -> Sequence[Track]:
        """Return tracks for "title" or "title - artist"."""
        text = query.text
        title, _, artist = text.rpartition(" - ") if " - " in text else (text, "", "")
        if len(title.strip()) < MIN_SEARCH_LENGTH:
            return []
        params = {"searchText": title.strip(), "page": "0", "size": str(MAX_RESULTS)}
        if artist.strip():
            params["artist"] = artist.strip()
        reply = await self._service.get("search", "/v1/track/search", headers=None, **params)
        rows = (row for row in _content(self._service, reply) if _spotify_id(row))
        return [self._track(row) for row in islice(rows, MAX_RESULTS)]

    def _track(self, row: Mapping[str, Any]) -> Track:
        match row:
            case {"trackTitle": str(title), "artists": list(artists)}:
                credited = (a["name"] for a in artists if isinstance(a, dict) and "name" in a)
            case _:
                raise self._service.malformed("a track without trackTitle and artists")
        track_id = _spotify_id(row)
        duration = _milliseconds(row.get("durationMs"))
        return Track(
            spotify_id=track_id,
            title=names.name(title),
            artists=names.names(credited),
            url=f"https://open.spotify.com/track/{track_id}",
            isrc=names.identifier(row.get("isrc")),
            duration_ms=duration,
            duration_source=None if duration is None else NAME,
        )


class ReccoBeatsFeatures:
    """Implements FeatureProvider with `/v1/audio-features`, by Spotify id, else by ISRC.

    The endpoint has no duration; the track lookup gives it.
    """

    name = NAME

    def __init__(self, service: HttpService) -> None:
        self._service = service

    async def measure(self, tracks: Sequence[Track]) -> Sequence[MeasuredTrack | None]:
        """Return each track with its features; None if ReccoBeats does not know it."""
        return [await self._measure(track) for track in tracks]

    async def _measure(self, track: Track) -> MeasuredTrack | None:
        query = track.spotify_id or track.isrc
        if query is None:
            return None
        rows = _content(
            self._service,
            await self._service.get("audio-features", "/v1/audio-features", ids=query),
        )
        row = next((row for row in rows if _is_of(row, track)), None)
        if row is None:
            return None
        told = Track(spotify_id=_spotify_id(row), isrc=names.identifier(row.get("isrc")))
        try:
            features = AudioFeatures.from_source(read_features(row), NAME)
        except BadValue as error:
            raise self._service.malformed(error) from error
        return MeasuredTrack(track.merge(told), features)


def _content(service: HttpService, reply: object) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of a list reply; none for None."""
    match reply:
        case None:
            return
        case {"content": list(rows)} if all(isinstance(row, dict) for row in rows):
            yield from rows
        case _:
            raise service.malformed("no content list")


def _is_of(row: Mapping[str, Any], track: Track) -> bool:
    ids = {track.spotify_id, track.isrc} - {None}
    return bool(ids & {_spotify_id(row), str(row.get("isrc"))})


def _milliseconds(duration: object) -> int | None:
    try:
        valid = read("duration_ms", duration)
    except BadValue:
        return None
    return None if valid is None else int(valid)


def _spotify_id(row: Mapping[str, Any]) -> str | None:
    """Return the Spotify id in a row's `href`."""
    link = parse(str(row.get("href", "")))
    return link.id if link and link.kind == "track" else None
