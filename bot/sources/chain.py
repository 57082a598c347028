"""Several sources behind one port, asked in order.

A source that is unavailable is skipped. Its error is raised only if no other source has an answer,
as "unknown" would then be a guess.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from bot.domain.errors import Unavailable
from bot.domain.ports import FeatureProvider, TrackLookup
from bot.domain.tracks import AudioFeatures, Track
from model.schema import MINIMUM_CORE, count_core

_log = logging.getLogger(__name__)
S = TypeVar("S")
T = TypeVar("T")


async def first_answer(sources: Sequence[S], ask: Callable[[S], Awaitable[T]]) -> T | None:
    """Return the first true answer; None if every source answered that it knows nothing.

    Raises the first Unavailable if no source had an answer and at least one was unavailable.
    """
    unavailable: Unavailable | None = None
    for source in sources:
        try:
            answer = await ask(source)
        except Unavailable as error:
            _log.info("source skipped: %s", error)
            unavailable = unavailable or error
        else:
            if answer:
                return answer
    if unavailable:
        raise unavailable
    return None


class LookupChain:
    """Track lookups in order of preference."""

    def __init__(self, lookups: Sequence[TrackLookup]) -> None:
        self._lookups = lookups

    async def get(self, track_id: str) -> Track | None:
        """Return a track by its Spotify id, merged from lookups until title and artists are known.

        Raises Unavailable if no lookup knows the track and at least one was unavailable.
        """
        merged: Track | None = None

        async def ask(lookup: TrackLookup) -> Track | None:
            nonlocal merged
            found = await lookup.get(track_id)
            if found:
                merged = merged.merge(found) if merged else found
            return merged if merged and merged.is_named else None

        try:
            return await first_answer(self._lookups, ask) or merged
        except Unavailable:
            if merged is None:
                raise
            return merged

    async def search(self, text: str) -> Sequence[Track]:
        """Return the matches of the first lookup that has any; raise Unavailable."""
        return await first_answer(self._lookups, lambda lookup: lookup.search(text)) or []


class FeatureChain:
    """Feature providers in order of preference."""

    def __init__(self, providers: Sequence[FeatureProvider]) -> None:
        self._providers = providers

    async def features(self, track: Track) -> AudioFeatures | None:
        """Return the features of the first provider that knows enough; raise Unavailable."""
        return await first_answer(
            self._providers, lambda provider: _sufficient_features(provider, track)
        )


async def _sufficient_features(provider: FeatureProvider, track: Track) -> AudioFeatures | None:
    """Ask one provider; too few features for a prediction count as unknown."""
    features = await provider.features(track)
    return features if features and count_core(features.values) >= MINIMUM_CORE else None
