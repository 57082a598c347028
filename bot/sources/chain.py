"""Several sources behind one port: asked in order, the first that knows answers.

A source that is away is passed over; only when none of the others knows does its error count,
because "nobody knows" would be a guess.
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


async def first_that_knows(sources: Sequence[S], ask: Callable[[S], Awaitable[T]]) -> T | None:
    """Return the first true answer, None when every source answered "unknown".

    Raises the first Unavailable when no source knew and at least one was away.
    """
    away: Unavailable | None = None
    for source in sources:
        try:
            answer = await ask(source)
        except Unavailable as error:
            _log.info("passed over: %s", error)
            away = away or error
        else:
            if answer:
                return answer
    if away:
        raise away
    return None


class LookupChain:
    """Catalogs in order of preference."""

    def __init__(self, catalogs: Sequence[TrackLookup]) -> None:
        self._catalogs = catalogs

    async def get(self, track_id: str) -> Track | None:
        """Ask for a track by its Spotify id."""
        return await first_that_knows(self._catalogs, lambda catalog: catalog.get(track_id))

    async def search(self, text: str) -> Sequence[Track]:
        """Search each catalog until one finds something."""
        return await first_that_knows(self._catalogs, lambda catalog: catalog.search(text)) or []


class FeatureChain:
    """Feature providers in order of preference."""

    def __init__(self, providers: Sequence[FeatureProvider]) -> None:
        self._providers = providers

    async def features(self, track: Track) -> AudioFeatures | None:
        """Ask for the features of a track."""
        return await first_that_knows(self._providers, lambda provider: _enough(provider, track))


async def _enough(provider: FeatureProvider, track: Track) -> AudioFeatures | None:
    """Ask one provider; too few features to predict from are as good as none."""
    found = await provider.features(track)
    return found if found and count_core(found.values) >= MINIMUM_CORE else None
