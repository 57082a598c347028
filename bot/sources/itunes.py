"""The iTunes Search API (https://performance-partners.apple.com/search-api), without a key.

It tells no ISRC, and finds nothing by one.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.domain.collections import MAX_TRACKS, Collection
from bot.domain.music_services import MusicService
from bot.domain.song_query import SongQuery
from bot.domain.tracks import SubjectKind, SubjectRef, Track
from bot.sources import names, track_fields
from bot.sources.http_client import HttpService

NAME: Final = "itunes"
MAX_RESULTS: Final = 25

ID: Final = re.compile(r"(?:(?P<country>[a-z]{2})/)?(?P<number>[1-9][0-9]{0,18})")
"""An id of Apple Music: the number, after the country of the store if the link names one."""


class ITunesSearch:
    """Implements TrackSearch."""

    name = NAME

    def __init__(self, service: HttpService) -> None:
        self._service = service

    async def search(self, query: SongQuery) -> Sequence[Track]:
        """Return the matches of a free-text search."""
        return [track for track, _ in await self.rows(query)]

    async def rows(self, query: SongQuery) -> Sequence[tuple[Track, Mapping[str, Any]]]:
        """Return the matches of a free-text search, each with what iTunes says of it."""
        if not query.words:
            return []
        reply = await self._service.get(
            "search", "/search", term=query.words, entity="song", limit=str(MAX_RESULTS)
        )
        rows = _results(self._service, reply)[:MAX_RESULTS]
        return [(track, row) for row in rows if (track := _track(row))]


class ITunesPages:
    """Implements PageLookup for Apple Music's pages of songs."""

    name = NAME

    def __init__(self, service: HttpService) -> None:
        self._service = service

    async def get(self, ref: SubjectRef) -> Track | None:
        """Return the song of a page."""
        if ref.kind is not SubjectKind.TRACK:
            return None
        rows = await _lookup(self._service, ref)
        return next((track for row in rows if (track := _track(row))), None)


class ITunesCollections:
    """Implements CollectionLookup for albums; their songs have names, but no id of a source."""

    name = NAME

    def __init__(self, service: HttpService) -> None:
        self._service = service

    async def get(self, ref: SubjectRef) -> Collection | None:
        """Return an album with its songs, or an artist with his best-known ones."""
        if ref.kind not in {SubjectKind.ALBUM, SubjectKind.ARTIST}:
            return None
        rows = await _lookup(self._service, ref, entity="song", limit=str(MAX_TRACKS))
        title, kind = (
            ("collectionName", "collection") if ref.kind is SubjectKind.ALBUM
            else ("artistName", "artist")
        )  # fmt: skip
        head = next((row for row in rows if row.get("wrapperType") == kind), None)
        if head is None or not isinstance(head.get(title), str):
            return None
        found = (_track(row) for row in rows)
        tracks = tuple(track for track in found if track)[:MAX_TRACKS]
        count = head.get("trackCount")
        return Collection(
            ref=ref,
            title=names.name(head[title]),
            artists=track_fields.artist_names([head], "artistName"),
            url=names.address(head.get("collectionViewUrl") or head.get("artistLinkUrl")),
            image=_cover(head),
            count=max(count if isinstance(count, int) else 0, len(tracks)),
            tracks=tracks,
        )


async def _lookup(
    service: HttpService, ref: SubjectRef, **params: str
) -> Sequence[Mapping[str, Any]]:
    """Return the rows about an id of Apple Music; none for other ids."""
    found = ID.fullmatch(ref.id)
    if ref.service is not MusicService.APPLE_MUSIC or not found:
        return []
    store = {"country": found["country"]} if found["country"] else {}
    query = {"id": found["number"], **store, **params}
    return _results(service, await service.get("lookup", "/lookup", headers=None, **query))


def _results(service: HttpService, reply: object) -> Sequence[Mapping[str, Any]]:
    match reply:
        case None:
            return []
        case {"results": list(rows)}:
            return list(track_fields.rows_of(rows, MAX_TRACKS + 1))
        case _:
            raise service.malformed("no list of results")


def _track(row: Mapping[str, Any]) -> Track | None:
    """Return the song in a row; None if it is no song."""
    title, artist = row.get("trackName"), row.get("artistName")
    if row.get("kind") != "song" or not isinstance(title, str) or not isinstance(artist, str):
        return None
    duration = track_fields.milliseconds(row.get("trackTimeMillis"))
    return Track(
        title=names.name(title),
        artists=names.names([artist]),
        url=names.address(row.get("trackViewUrl")),
        image=_cover(row),
        duration_ms=duration,
        duration_source=None if duration is None else NAME,
        year=track_fields.first_year(row.get("releaseDate"), title, row.get("collectionName")),
    )


def _cover(row: Mapping[str, Any]) -> str | None:
    found = track_fields.cover(row.get("artworkUrl100"))
    return found.replace("100x100bb", "600x600bb") if found else None
