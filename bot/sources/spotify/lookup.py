"""Spotify tracks by id and by free text.

Neither the duration nor the album's release date is used: they would become inputs of the model,
and Spotify's Developer Policy (III.14) forbids to ingest its content into a model.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.domain.song_query import SongQuery
from bot.domain.tracks import Track
from bot.sources import names, track_fields
from bot.sources.spotify.session import NAME, SpotifySession

MAX_RESULTS: Final = 10
"""Development-mode apps get status 400 for more."""


class SpotifyLookup:
    """Implements TrackLookup and TrackSearch.

    Args:
        session: The Spotify client.
        market: ISO 3166 code of a country in which tracks must be playable.
    """

    name = NAME

    def __init__(self, session: SpotifySession, market: str) -> None:
        self._session = session
        self._market = market

    async def get(self, known: Track) -> Track | None:
        """Return the track with a Spotify id."""
        if track_fields.spotify_id(known.spotify_id) is None:
            return None
        row = await self._session.call("track", known.spotify_id, market=self._market)
        return None if row is None else read_track(self._session, row)

    async def search(self, query: SongQuery) -> Sequence[Track]:
        """Return the matches of a free-text search."""
        reply = await self._session.call(
            "search", query.words, limit=MAX_RESULTS, type="track", market=self._market
        )
        match reply:
            case None:
                return []
            case {"tracks": {"items": list(rows)}}:
                return [
                    read_track(self._session, row)
                    for row in rows[:MAX_RESULTS]
                    if isinstance(row, dict)
                ]
            case _:
                raise self._session.malformed("a search without tracks")


def read_track(session: SpotifySession, row: Mapping[str, Any]) -> Track:
    """Return the track in a row; raise BadReply for a row that describes none."""
    match row:
        case {"id": str(track_id), "name": str(title), "artists": list(artists)}:
            credited = track_fields.artist_names(artists)
        case _:
            raise session.malformed("a track without id, name and artists")
    if track_fields.spotify_id(track_id) is None:
        raise session.malformed("an invalid id")
    match row:
        case {"album": {"images": [{"url": str(image)}, *_]}}:
            cover = track_fields.cover(image)
        case _:
            cover = None
    match row:
        case {"external_ids": {"isrc": code}}:
            isrc = track_fields.isrc(code)
        case _:
            isrc = None
    return Track(
        spotify_id=track_id,
        title=names.name(title),
        artists=credited,
        url=f"https://open.spotify.com/track/{track_id}",
        image=cover,
        isrc=isrc,
    )
