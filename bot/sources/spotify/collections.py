"""Spotify's albums, playlists and artists.

As for tracks, neither lengths nor dates are used. Apps in development mode may read no playlist but
their owner's, and no artist's top tracks: of those the name is returned, by which
another service's are found.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from bot.domain.collections import MAX_TRACKS, Collection
from bot.domain.music_services import MusicService
from bot.domain.tracks import SubjectKind, SubjectRef, Track
from bot.sources import names, track_fields
from bot.sources.spotify.lookup import read_track
from bot.sources.spotify.session import NAME, SpotifySession

PAGE: Final = 50
"""Tracks of an album that Spotify sends at once."""

MAX_COUNT: Final = 1_000_000
"""Tracks; a larger number is none of a collection."""


class SpotifyCollections:
    """Implements CollectionLookup.

    Args:
        session: The Spotify client.
        market: ISO 3166 code of a country in which tracks must be playable.
    """

    name = NAME

    def __init__(self, session: SpotifySession, market: str) -> None:
        self._session = session
        self._market = market

    async def get(self, ref: SubjectRef) -> Collection | None:
        """Return an album, a playlist as far as it can be read, or the name of an artist."""
        if ref.service is not MusicService.SPOTIFY or track_fields.spotify_id(ref.id) is None:
            return None
        match ref.kind:
            case SubjectKind.ALBUM:
                return await self._album(ref)
            case SubjectKind.PLAYLIST:
                found = await self._session.call("playlist", ref.id, market=self._market)
                return (
                    None if found is None else self._collection(ref, found, self._tracks_of(found))
                )
            case SubjectKind.ARTIST:
                found = await self._session.call("artist", ref.id)
                return None if found is None else self._collection(ref, found, ())
            case _:
                return None

    async def _album(self, ref: SubjectRef) -> Collection | None:
        album = await self._session.call("album", ref.id, market=self._market)
        if album is None:
            return None
        image = _image(album)
        match album:
            case {"tracks": {"items": list(rows), **paging}}:
                tracks = [self._track(row, image) for row in track_fields.rows_of(rows)]
            case _:
                raise self._session.malformed("an album without tracks")
        if paging.get("next") and len(rows) == PAGE:
            more = await self._session.call(
                "album_tracks", ref.id, limit=PAGE, offset=PAGE, market=self._market
            )
            items = more.get("items") if isinstance(more, dict) else None
            tracks += [self._track(row, image) for row in track_fields.rows_of(items)]
        return self._collection(ref, album, [track for track in tracks if track])

    def _collection(self, ref: SubjectRef, row: object, tracks: Sequence[Track]) -> Collection:
        match row:
            case {"name": str(title), **rest}:
                return Collection(
                    ref=ref,
                    title=names.name(title),
                    artists=track_fields.artist_names(rest.get("artists")),
                    url=f"https://open.spotify.com/{ref.kind}/{ref.id}",
                    image=_image(row),
                    count=max(_total(rest), len(tracks)),
                    tracks=tuple(tracks[:MAX_TRACKS]),
                )
            case _:
                raise self._session.malformed("a collection without a name")

    def _tracks_of(self, playlist: object) -> list[Track]:
        """Return the tracks of a playlist, which are in `items` since 2026, in `tracks` before."""
        paging = _paging(playlist)
        entries = track_fields.rows_of(paging.get("items"))
        found = (entry.get("item") or entry.get("track") for entry in entries)
        tracks = (self._track(row, None) for row in found if isinstance(row, dict))
        return [track for track in tracks if track]

    def _track(self, row: Mapping[str, Any], image: str | None) -> Track | None:
        """Return a track; None for an episode, a local file or a track without id."""
        if track_fields.spotify_id(row.get("id")) is None or row.get("type", "track") != "track":
            return None
        found = read_track(self._session, row)
        return found if found.image else replace(found, image=image)


def _paging(row: object) -> Mapping[Any, Any]:
    """Return the page of tracks in a reply; empty if there is none."""
    found = row.get("items") or row.get("tracks") if isinstance(row, dict) else None
    return found if isinstance(found, dict) else {}


def _image(row: object) -> str | None:
    match row:
        case {"images": [{"url": str(address)}, *_]}:
            return track_fields.cover(address)
        case _:
            return None


def _total(row: Mapping[Any, Any]) -> int:
    """Return the number of tracks that a reply names, 0 for none."""
    counts = (row.get("total_tracks"), _paging(row).get("total"))
    return next((n for n in counts if isinstance(n, int) and 0 < n < MAX_COUNT), 0)
