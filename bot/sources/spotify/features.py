"""Spotify's own audio features: closed to apps made after November 2024, so off by default."""

import logging

from bot.domain.errors import Forbidden
from bot.domain.tracks import AudioFeatures, Track
from bot.sources.feature_values import measured
from bot.sources.spotify.lookup import NAME, SpotifySession, malformed
from model.errors import BadValue

_log = logging.getLogger(__name__)


class SpotifyFeatures:
    """`/v1/audio-features`; the first refusal switches it off for the process."""

    def __init__(self, session: SpotifySession) -> None:
        self._session = session
        self._refused = False

    async def features(self, track: Track) -> AudioFeatures | None:
        """Return Spotify's figures; None for an unknown track, and always after a refusal."""
        if self._refused or track.id is None:
            return None
        try:
            rows = await self._session.call("audio_features", [track.id])
        except Forbidden as error:
            if not self._refused:
                self._refused = True
                _log.warning("spotify's audio features are closed to this app; now off: %s", error)
            return None
        match rows:
            case None | [None]:
                return None
            case [{**row}]:
                try:
                    return AudioFeatures(measured(row), NAME)
                except BadValue as error:
                    raise malformed(str(error)) from error
            case _:
                raise malformed("no list of one row")
