"""Audio features from ReccoBeats: all but the duration, which its track endpoint gives."""

from typing import Final

from bot.domain.tracks import AudioFeatures, Track
from bot.sources.feature_values import measured
from bot.sources.http_client import HttpService
from bot.sources.reccobeats import NAME, content, spotify_id
from model.errors import BadValue

PATH: Final = "/v1/audio-features"


class ReccoBeatsFeatures:
    """The features behind `/v1/audio-features`, by Spotify id, else by ISRC."""

    def __init__(self, service: HttpService) -> None:
        self._service = service

    async def features(self, track: Track) -> AudioFeatures | None:
        """Return what ReccoBeats measured; None for a track it does not know."""
        name = track.id or track.isrc
        if name is None:
            return None
        rows = content(self._service, await self._service.get(PATH, ids=name))
        ours = {track.id, track.isrc} - {None}
        known = (row for row in rows if ours & {spotify_id(row), str(row.get("isrc"))})
        row = next(known, None)
        if row is None:
            return None
        try:
            return AudioFeatures(measured(row), NAME)
        except BadValue as error:
            raise self._service.malformed(error) from error
