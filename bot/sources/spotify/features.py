"""Spotify's audio features, which are closed to apps made after November 2024; off by default."""

from collections.abc import Sequence

from bot.domain.errors import Forbidden
from bot.domain.tracks import AudioFeatures, MeasuredTrack, Track
from bot.sources.feature_values import read_features
from bot.sources.spotify.session import NAME, SpotifySession
from model.errors import BadValue


class SpotifyFeatures:
    """Implements FeatureProvider; knows nothing while the endpoint is refused."""

    name = NAME

    def __init__(self, session: SpotifySession) -> None:
        self._session = session

    async def measure(self, tracks: Sequence[Track]) -> Sequence[MeasuredTrack | None]:
        """Return each track with its features; None if unknown, and always after a refusal."""
        return [await self._measure(track) for track in tracks]

    async def _measure(self, track: Track) -> MeasuredTrack | None:
        if track.spotify_id is None:
            return None
        try:
            rows = await self._session.call("audio_features", [track.spotify_id])
        except Forbidden:
            return None
        match rows:
            case None | [None]:
                return None
            case [{**row}]:
                try:
                    features = AudioFeatures.from_source(read_features(row), NAME)
                except BadValue as error:
                    raise self._session.malformed(error) from error
                return MeasuredTrack(track, features)
            case _:
                raise self._session.malformed("no list of one row")
