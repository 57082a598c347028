"""Several sources behind one port, asked in order."""

import logging
from collections.abc import Sequence

from bot.domain.errors import Unavailable
from bot.domain.source_ports import FeatureProvider, TrackLookup
from bot.domain.tracks import MeasuredTrack, Track
from model.schema import MINIMUM_CORE, count_core

NAME = "features"

_log = logging.getLogger(__name__)


class FeatureChain:
    """Implements FeatureProvider with others, in order of preference."""

    name = NAME

    def __init__(self, providers: Sequence[FeatureProvider]) -> None:
        self.providers = providers

    async def measure(self, tracks: Sequence[Track]) -> Sequence[MeasuredTrack | None]:
        """Return each track with the features of the first provider that knows enough.

        An unavailable provider is skipped. Its error is raised only if no track was measured, as
        "unknown" would then be a guess.
        """
        found = await self.measure_each(tracks)
        measured = [one if isinstance(one, MeasuredTrack) else None for one in found]
        unavailable = next((one for one in found if isinstance(one, Unavailable)), None)
        if unavailable and not any(measured):
            raise unavailable
        return measured

    async def measure_each(
        self, tracks: Sequence[Track]
    ) -> Sequence[MeasuredTrack | Unavailable | None]:
        """Return each track as `measure` does; the error of a provider that was skipped for it."""
        found: list[MeasuredTrack | None] = [None] * len(tracks)
        unavailable: Unavailable | None = None
        for provider in self.providers:
            missing = [number for number, measured in enumerate(found) if measured is None]
            if not missing:
                break
            try:
                answers = await provider.measure([tracks[number] for number in missing])
            except Unavailable as error:
                _log.info("source skipped: %s", error)
                unavailable = unavailable or error
                continue
            for number, measured in zip(missing, answers, strict=True):
                found[number] = measured if measured and _is_sufficient(measured) else None
        return [one or unavailable for one in found]


class LookupChain:
    """Implements TrackLookup with the first of several lookups that knows a track."""

    name = "lookups"

    def __init__(self, lookups: Sequence[TrackLookup]) -> None:
        self._lookups = lookups

    async def get(self, known: Track) -> Track | None:
        """Return what the first lookup knows; raise Unavailable if none does and one failed."""
        unavailable: Unavailable | None = None
        for lookup in self._lookups:
            try:
                found = await lookup.get(known)
            except Unavailable as error:
                _log.info("source skipped: %s", error)
                unavailable = unavailable or error
            else:
                if found:
                    return found
        if unavailable:
            raise unavailable
        return None


def _is_sufficient(measured: MeasuredTrack) -> bool:
    """Return whether there are enough features for a prediction."""
    return count_core(measured.features.values) >= MINIMUM_CORE
