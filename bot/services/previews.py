"""Use case: listen to the preview of a track whose features no source knows.

A preview is fetched just before, into a file without a name, and is gone when it was heard.
"""

import logging
from collections.abc import Sequence
from typing import BinaryIO, Final, NamedTuple

from bot.concurrency.body_copy import DiskFailed
from bot.concurrency.deadline import deadline
from bot.concurrency.temporary_files import NoRoom, TemporaryFiles
from bot.domain.errors import ModelUnusable, NotAudio, Unavailable
from bot.domain.sound_ports import MAX_PREVIEW_BYTES, Listener, PreviewSource, SoundAnalysis
from bot.domain.tracks import AudioFeatures, Track
from model.sound.heard import Heard

TIME_LIMIT: Final = 7.0
"""Seconds for fetching previews of a track and for listening; beyond it the track is not heard."""

GROUP: Final = "previews"
"""The group of previews among the sounds that wait; files that people sent are others."""

_log = logging.getLogger(__name__)


class HeardPreview(NamedTuple):
    """What was heard in a preview, and the features that a service measured in it, if one did."""

    heard: Heard
    features: AudioFeatures


class PreviewService:
    """Listens to previews.

    Args:
        sources: Sources of previews, in order of preference.
        listener: Listens to them.
        analyses: Outside services that measure the features of a preview.
        files: Where previews are fetched to.
        always: Whether tracks with known features are heard as well.
    """

    def __init__(
        self,
        sources: Sequence[PreviewSource],
        listener: Listener,
        analyses: Sequence[SoundAnalysis] = (),
        *,
        files: TemporaryFiles | None = None,
        always: bool = False,
    ) -> None:
        self._sources = sources
        self._listener = listener
        self._analyses = analyses
        self._files = files or TemporaryFiles()
        self.always = always

    async def hear(self, track: Track) -> HeardPreview | None:
        """Return what is heard in a track's preview; None if there is none, or not in time.

        Does not raise, except for what is a mistake of the program.
        """
        try:
            async with deadline(TIME_LIMIT):
                return await self._hear(track)
        except TimeoutError:
            _log.info("preview of %s: not heard in %g s", track.key, TIME_LIMIT)
        except DiskFailed as error:
            _log.warning("preview of %s: not heard: the disk: %s", track.key, error)
        except NoRoom as error:
            _log.info("preview of %s: not heard: %s", track.key, error)
        return None

    async def _hear(self, track: Track) -> HeardPreview | None:
        for source in self._sources:
            with self._files.open(MAX_PREVIEW_BYTES) as sound:
                try:
                    if not await source.fetch(track, sound):
                        continue
                    self._files.complete(sound)
                    heard = (await self._listener.listen(sound, GROUP)).heard
                except (Unavailable, NotAudio) as error:
                    _log.info("preview of %s from %s: %s", track.key, source.name, error)
                    continue
                except ModelUnusable as error:
                    _log.error("preview of %s: %s", track.key, error)
                    return None
                if heard.is_music:
                    return HeardPreview(heard, await self._analyse(sound))
        return None

    async def _analyse(self, sound: BinaryIO) -> AudioFeatures:
        for analysis in self._analyses:
            sound.seek(0)
            try:
                features = await analysis.analyse(sound)
            except (Unavailable, DiskFailed) as error:
                _log.info("a preview is not measured by %s: %s", analysis.name, error)
                continue
            if features:
                return features
        return AudioFeatures({}, {})
