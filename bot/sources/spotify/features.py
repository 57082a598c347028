"""Spotify's audio features, which are closed to apps made after November 2024; off by default."""

import math
from collections.abc import Sequence

from bot.domain.errors import Forbidden
from bot.domain.tracks import AudioFeatures, MeasuredTrack, Track
from bot.sources.circuit_breaker import CircuitBreaker
from bot.sources.feature_values import read_features
from bot.sources.http_client import malformed
from bot.sources.spotify.session import NAME, SpotifySession
from model.errors import BadValue


class SpotifyFeatures:
    """Implements FeatureProvider; the first refusal switches it off until the process ends."""

    name = NAME

    def __init__(self, session: SpotifySession) -> None:
        self._session = session
        self._breaker = CircuitBreaker(f"{NAME} audio features")

    async def measure(self, tracks: Sequence[Track]) -> Sequence[MeasuredTrack | None]:
        """Return each track with its features; None if unknown, and always after a refusal."""
        return [await self._measure(track) for track in tracks]

    async def _measure(self, track: Track) -> MeasuredTrack | None:
        if track.spotify_id is None:
            return None
        try:
            self._breaker.check()
        except Forbidden:
            return None
        try:
            rows = await self._session.call("audio_features", [track.spotify_id])
        except Forbidden as error:
            self._breaker.forbid(math.inf, f"closed to this app: {error.reason}")
            return None
        match rows:
            case None | [None]:
                return None
            case [{**row}]:
                try:
                    features = AudioFeatures.from_source(read_features(row), NAME)
                except BadValue as error:
                    raise malformed(NAME, error) from error
                return MeasuredTrack(track, features)
            case _:
                raise malformed(NAME, "no list of one row")
