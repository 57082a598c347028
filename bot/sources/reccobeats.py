"""ReccoBeats (https://reccobeats.com/docs): tracks and audio features, without a key.

Ids are Spotify ids or ISRCs. Unknown ones are absent from `content`, and a row's own `id` is
ReccoBeats', so rows are matched by the Spotify id at the end of their `href`, or by ISRC. Its
values may be Spotify's own: clients found them equal in every digit.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from bot.domain.song_query import SongQuery
from bot.domain.tracks import AudioFeatures, MeasuredTrack, Track
from bot.sources import names, track_fields
from bot.sources.feature_values import read_features
from bot.sources.http_client import HttpService
from model.errors import BadValue

NAME: Final = "reccobeats"
MAX_RESULTS: Final = 25
MAX_IDS: Final = 40
"""Ids of a request. The documentation names no number; clients use this one."""

MAX_READINGS: Final = 2
"""Requests of one search: "A - B" may be title and artist, or artist and title."""

MIN_SEARCH_LENGTH: Final = 3
"""Characters; the service rejects shorter searches."""

Row = Mapping[str, Any]

_log = logging.getLogger(__name__)


class ReccoBeatsLookup:
    """Implements TrackLookup with `/v1/track`, and TrackSearch with `/v1/track/search`."""

    name = NAME

    def __init__(self, service: HttpService) -> None:
        self._service = service

    async def get(self, known: Track) -> Track | None:
        """Return the track with a Spotify id, else with an ISRC."""
        [found] = await self.get_all([known])
        return found

    async def get_all(self, tracks: Sequence[Track]) -> Sequence[Track | None]:
        """Return each track, found by its Spotify id, else by its ISRC; None if it is unknown."""
        rows = await _ask(self._service, "track", "/v1/track", tracks)
        return [self._track(row) if row else None for row in rows]

    async def search(self, query: SongQuery) -> Sequence[Track]:
        """Return tracks by title, with the artist if the words tell them apart.

        The service searches titles only; the first reading that has matches counts.
        """
        for reading in query.readings[:MAX_READINGS]:
            if len(reading.title) < MIN_SEARCH_LENGTH:
                continue
            params = {"searchText": reading.title, "page": "0", "size": str(MAX_RESULTS)}
            if reading.artist:
                params["artist"] = reading.artist
            reply = await self._service.get("search", "/v1/track/search", headers=None, **params)
            rows = [row for row in _content(self._service, reply) if _spotify_id(row)]
            if rows:
                return [self._track(row) for row in rows[:MAX_RESULTS]]
        return []

    def _track(self, row: Row) -> Track:
        match row:
            case {"trackTitle": str(title), "artists": list(artists)}:
                credited = track_fields.artist_names(artists)
            case _:
                raise self._service.malformed("a track without trackTitle and artists")
        track_id = _spotify_id(row)
        duration = track_fields.milliseconds(row.get("durationMs"))
        return Track(
            spotify_id=track_id,
            title=names.name(title),
            artists=credited,
            url=f"https://open.spotify.com/track/{track_id}" if track_id else None,
            isrc=track_fields.isrc(row.get("isrc")),
            duration_ms=duration,
            duration_source=None if duration is None else NAME,
        )


class ReccoBeatsFeatures:
    """Implements FeatureProvider with `/v1/audio-features`, by Spotify id and by ISRC.

    Re-releases often are unknown by id and known by ISRC, so these are asked for again. The
    endpoint has no duration; the track lookup gives it.
    """

    name = NAME

    def __init__(self, service: HttpService) -> None:
        self._service = service

    async def measure(self, tracks: Sequence[Track]) -> Sequence[MeasuredTrack | None]:
        """Return each track with its features; None if ReccoBeats does not know it.

        Raises Unavailable if any batch fails, as "unknown" would be a guess.
        """
        rows = await _ask(self._service, "audio-features", "/v1/audio-features", tracks)
        found: list[MeasuredTrack | None] = []
        wrong: BadValue | None = None
        for track, row in zip(tracks, rows, strict=True):
            try:
                found.append(_measured(track, row) if row else None)
            except BadValue as error:
                _log.warning("%s: features of a track omitted: %s", NAME, error)
                wrong = error
                found.append(None)
        if wrong and not any(found):
            raise self._service.malformed(wrong) from wrong
        return found


async def _ask(
    service: HttpService, endpoint: str, path: str, tracks: Sequence[Track]
) -> Sequence[Row | None]:
    """Return the row of each track, found by its Spotify id, else by its ISRC.

    At most 40 ids are asked for at once, one batch after another.
    """
    known: dict[str, Row] = {}
    by_id = [track_fields.spotify_id(track.spotify_id) for track in tracks]
    await _ask_ids(service, endpoint, path, (one for one in by_id if one), known)
    by_isrc = [track_fields.isrc(track.isrc) for track in tracks]
    missing = (
        code
        for one, code in zip(by_id, by_isrc, strict=True)
        if code and code not in known and (one is None or one not in known)
    )
    await _ask_ids(service, endpoint, path, missing, known)
    return [next((known[one] for one in _ids(track) if one in known), None) for track in tracks]


async def _ask_ids(
    service: HttpService, endpoint: str, path: str, ids: Iterable[str], known: dict[str, Row]
) -> None:
    """Add the rows of ids to `known`, under each of their own ids."""
    wanted = list(dict.fromkeys(ids))
    for start in range(0, len(wanted), MAX_IDS):
        batch = wanted[start : start + MAX_IDS]
        reply = await service.get(endpoint, path, ids=",".join(batch))
        asked = set(batch)
        for row in _content(service, reply):
            for one in _ids_of(row):
                # A row of another release may have the ISRC that an asked one has.
                if one in asked or one not in known:
                    known[one] = row


def _measured(track: Track, row: Row) -> MeasuredTrack:
    ids = Track(spotify_id=_spotify_id(row), isrc=track_fields.isrc(row.get("isrc")))
    return MeasuredTrack(track.merge(ids), AudioFeatures.from_source(read_features(row), NAME))


def _content(service: HttpService, reply: object) -> Sequence[Row]:
    """Return the rows of a list reply; none for None."""
    match reply:
        case None:
            return []
        case {"content": list(rows)} if all(isinstance(row, dict) for row in rows):
            return rows
        case _:
            raise service.malformed("no content list")


def _ids(track: Track) -> list[str]:
    """Return the ids by which a track can be asked for."""
    ids = (track_fields.spotify_id(track.spotify_id), track_fields.isrc(track.isrc))
    return [one for one in ids if one]


def _ids_of(row: Row) -> list[str]:
    ids = (_spotify_id(row), track_fields.isrc(row.get("isrc")))
    return [one for one in ids if one]


def _spotify_id(row: Row) -> str | None:
    return track_fields.spotify_id_of(row.get("href"))
