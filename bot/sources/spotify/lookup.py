"""Spotify tracks by id and by free text.

Neither the duration nor the album's release date is used: they would become inputs of the model,
and Spotify's Developer Policy (III.14) forbids to ingest its content into a model.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.domain.song_query import SongQuery
from bot.domain.tracks import Track
from bot.sources import names
from bot.sources.http_client import malformed
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
        if known.spotify_id is None:
            return None
        row = await self._session.call("track", known.spotify_id, market=self._market)
        return None if row is None else _track(row)

    async def search(self, query: SongQuery) -> Sequence[Track]:
        """Return the matches of a free-text search."""
        reply = await self._session.call(
            "search", query.text, limit=MAX_RESULTS, type="track", market=self._market
        )
        match reply:
            case None:
                return []
            case {"tracks": {"items": list(rows)}}:
                return [_track(row) for row in rows[:MAX_RESULTS] if isinstance(row, dict)]
            case _:
                raise malformed(NAME, "a search without tracks")


def _track(row: Mapping[str, Any]) -> Track:
    match row:
        case {"id": str(track_id), "name": str(title), "artists": list(artists)}:
            credited = (artist.get("name") for artist in artists if isinstance(artist, dict))
        case _:
            raise malformed(NAME, "a track without id, name and artists")
    if names.identifier(track_id) is None:
        raise malformed(NAME, "an endless id")
    match row:
        case {"album": {"images": [{"url": str(image)}, *_]}}:
            cover = names.address(image)
        case _:
            cover = None
    match row:
        case {"external_ids": {"isrc": str(code)}}:
            isrc = names.identifier(code)
        case _:
            isrc = None
    return Track(
        spotify_id=track_id,
        title=names.name(title),
        artists=names.names(name for name in credited if name),
        url=f"https://open.spotify.com/track/{track_id}",
        image=cover,
        isrc=isrc,
    )
