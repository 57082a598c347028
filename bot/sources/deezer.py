"""Deezer's API (https://developers.deezer.com/api): tracks, searches and collections, without key.

Errors come with status 200. Searches are free text: Deezer ignores free words beside its filters
(`artist:"..."`), and the filters match other artists' names, too (beetbox/beets, `deezer.py`).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.domain.errors import Forbidden
from bot.domain.music_services import MusicService
from bot.domain.song_query import SongQuery
from bot.domain.tracks import SubjectKind, SubjectRef, Track
from bot.sources import names, track_fields
from bot.sources.http_client import HttpService
from model.errors import BadValue
from model.schema import read

NAME: Final = "deezer"
MAX_RESULTS: Final = 25

UNKNOWN_CODES: Final = frozenset({500, 501, 600, 800})
"""Codes for a wrong or missing parameter, an invalid query and "no data"."""

REFUSED_CODES: Final = frozenset({200, 300})
"""Codes for what only its owner may read."""

QUOTA_CODE: Final = 4
WINDOW: Final = 5.0
"""Seconds of the window in which Deezer counts requests."""


class DeezerLookup:
    """Implements TrackLookup and TrackSearch."""

    name = NAME

    def __init__(self, service: HttpService) -> None:
        self._service = service

    async def get(self, known: Track) -> Track | None:
        """Return the track with a Deezer id, else with an ISRC."""
        row = await self._row(known)
        return None if row is None else read_track(row)

    async def tempo(self, known: Track) -> float | None:
        """Return Deezer's tempo of a track in BPM; None if it does not know one."""
        row = await self._row(known)
        try:
            return read("tempo", row.get("bpm")) if row else None
        except BadValue:
            return None

    async def preview(self, known: Track) -> str | None:
        """Return the signed address of a track's preview, for use within minutes; None without."""
        row = await self._row(known)
        address = row.get("preview") if row else None
        return address if isinstance(address, str) and address else None

    async def search(self, query: SongQuery) -> Sequence[Track]:
        """Return the matches of a free-text search."""
        if not query.words:
            return []
        reply = await ask(self._service, "search", "/search", q=query.words, limit=str(MAX_RESULTS))
        found = [read_track(row) for row in _list(self._service, reply, MAX_RESULTS)]
        return [track for track in found if track]

    async def _row(self, known: Track) -> Mapping[str, Any] | None:
        """Return Deezer's description of a track, if it is the wanted one."""
        deezer_id, code = track_fields.number(known.deezer_id), track_fields.isrc(known.isrc)
        if deezer_id:
            reply = await ask(self._service, "track", f"/track/{deezer_id}")
        elif code:
            reply = await ask(self._service, "isrc", f"/track/isrc:{code}")
        else:
            return None
        match reply:
            case None:
                return None
            case {"id": int(), "title": str(), **rest}:
                same = deezer_id or track_fields.isrc(rest.get("isrc")) == code
                return reply if same else None
            case _:
                raise self._service.malformed("a track without id and title")


class DeezerPages:
    """Implements PageLookup for Deezer's pages of tracks."""

    name = NAME

    def __init__(self, lookup: DeezerLookup) -> None:
        self._lookup = lookup

    async def get(self, ref: SubjectRef) -> Track | None:
        """Return the track of a page."""
        if ref.service is not MusicService.DEEZER or ref.kind is not SubjectKind.TRACK:
            return None
        return await self._lookup.get(Track(deezer_id=ref.id))


async def ask(service: HttpService, endpoint: str, path: str, **params: str) -> Any:
    """Return Deezer's reply; None if it does not know what was requested.

    Raises Unavailable for an error in the reply.
    """
    match await service.get(endpoint, path, headers=None, **params):
        case {"error": {"code": int(code), **rest}}:
            if code in UNKNOWN_CODES:
                return None
            reason = f"error {code}: {names.name(rest.get('message', ''))}"
            if code in REFUSED_CODES:
                raise Forbidden(service.name, reason)
            wait = WINDOW if code == QUOTA_CODE else None
            raise service.rejected(endpoint, reason, retry_after=wait)
        case reply:
            return reply


def read_track(row: Mapping[str, Any], of: Mapping[str, Any] | None = None) -> Track | None:
    """Return the track in a row; None if it has no id, title and artist.

    Args:
        row: A track as Deezer lists it.
        of: Its album, which Deezer leaves out of the tracks of an album.
    """
    deezer_id, title = track_fields.number(row.get("id")), row.get("title")
    artists = track_fields.artist_names(row.get("contributors")) or track_fields.artist_names(
        [row.get("artist")]
    )
    if not (deezer_id and isinstance(title, str) and artists):
        return None
    own = row.get("album")
    album: Mapping[str, Any] = own if isinstance(own, dict) else of or {}
    date = row.get("release_date") or album.get("release_date")
    duration = track_fields.milliseconds(row.get("duration"), 1000)
    return Track(
        title=names.name(title),
        artists=artists,
        url=f"https://www.deezer.com/track/{deezer_id}",
        image=track_fields.cover(album.get("cover_big")),
        isrc=track_fields.isrc(row.get("isrc")),
        deezer_id=deezer_id,
        duration_ms=duration,
        duration_source=None if duration is None else NAME,
        year=track_fields.first_year(date, title, album.get("title")),
    )


def _list(service: HttpService, reply: object, limit: int) -> Sequence[Mapping[str, Any]]:
    match reply:
        case None:
            return []
        case {"data": list(rows)}:
            return list(track_fields.rows_of(rows, limit))
        case _:
            raise service.malformed("no list of data")
