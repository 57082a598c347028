"""ReccoBeats' analysis of a sound (https://reccobeats.com/docs): audio features, without key.

Its values are of another distribution than those of its tracks, so it is a source of its own name.
"""

import asyncio
import io
from collections.abc import Mapping
from typing import BinaryIO, Final

import aiohttp

from bot.concurrency.body_copy import read_body
from bot.domain.tracks import AudioFeatures
from bot.sources.feature_values import read_features
from bot.sources.http_client import HttpService
from model.errors import BadValue
from model.sound import formats
from model.sound.errors import NotAudio

NAME: Final = "reccobeats-analysis"

MAX_BYTES: Final = 5_000_000
"""Bytes of a file that the service accepts; it analyses the first 30 s."""

PATH: Final = "/v1/analysis/audio-features"
TIMEOUT: Final = aiohttp.ClientTimeout(total=6, connect=2.5)

MEDIA_TYPES: Final[Mapping[str, str]] = {
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "mp4": "audio/mp4",
    "aac": "audio/aac",
    "wav": "audio/wav",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "flac": "audio/flac",
}
"""Media types of the formats that previews have or may have, by the names of `model.sound`."""

UNKNOWN_TYPE: Final = "application/octet-stream"


class ReccoBeatsAnalysis:
    """Implements SoundAnalysis."""

    name = NAME

    def __init__(self, service: HttpService) -> None:
        self._service = service

    async def analyse(self, sound: BinaryIO) -> AudioFeatures | None:
        """Return the features of a sound; None if it is too big or the service cannot read it."""
        content = await read_body(sound, MAX_BYTES + 1)
        if not content or len(content) > MAX_BYTES:
            return None
        form = aiohttp.FormData()
        media_type = await asyncio.to_thread(_media_type, content)
        form.add_field("audioFile", content, filename="preview", content_type=media_type)
        match await self._service.post("analysis", PATH, form, TIMEOUT):
            case None:
                return None
            case dict() as row:
                try:
                    values = read_features(row)
                except BadValue as error:
                    raise self._service.malformed(error) from error
                return AudioFeatures.from_source(values, NAME) if values else None
            case _:
                raise self._service.malformed("no object of features")


def _media_type(content: bytes) -> str:
    try:
        found = formats.recognise(io.BytesIO(content), len(content))
    except NotAudio:
        return UNKNOWN_TYPE
    return MEDIA_TYPES.get(found.name, UNKNOWN_TYPE)
