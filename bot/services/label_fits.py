"""Use case: how well songs fit the labels of a workspace, for its cards."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.concurrency.bounded_cache import BoundedCache
from bot.concurrency.deadline import deadline
from bot.concurrency.single_flight import SingleFlight
from bot.domain.cards import Answer
from bot.domain.errors import StorageFailed, stack_of
from bot.domain.own_labels import OwnLabel, OwnLabelStore, shown
from bot.domain.places import Place
from model.few_shot_figures import Learned, learn
from model.song_space import normal_scores

FRESH: Final = 30.0
"""Seconds after which labels are read again, as another process may have changed them."""

KEPT: Final = 24 * 3600.0
"""Seconds for which labels are kept for the case that they cannot be read."""

TIME_LIMIT: Final = 0.5
"""Seconds that a card waits for labels; after them it has those that were read before, or none."""

CACHE_SIZE: Final = 256
"""Workspaces whose labels are kept."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KnownLabels:
    """The labels of a workspace, what was learned from them, and when they were read."""

    labels: Sequence[OwnLabel]
    learned: Learned
    read_at: float


class LabelFits:
    """Learns the labels of workspaces, and keeps what was learned while they stay the same.

    Args:
        store: The labels.
        monotonic: Clock in seconds.
        time_limit: Seconds that a card waits.
    """

    def __init__(
        self,
        store: OwnLabelStore,
        monotonic: Callable[[], float] = time.monotonic,
        time_limit: float = TIME_LIMIT,
    ) -> None:
        self._store = store
        self._monotonic = monotonic
        self._time_limit = time_limit
        self._known: BoundedCache[KnownLabels] = BoundedCache(CACHE_SIZE, monotonic)
        self._reading: SingleFlight[KnownLabels] = SingleFlight()

    async def added_to(self, answer: Answer, place: Place) -> Answer:
        """Return an answer with the labels of a workspace that the song fits.

        Those whose own songs are not recognised are left out. Does not raise, and waits no longer
        than the time limit.
        """
        if not answer.features.values:
            return answer
        known = await self._soon(place)
        if known is None or not known.learned.figures:
            return answer
        recognised = {name for name, one in known.learned.figures.items() if one.is_shown}
        try:
            fits = known.learned.classifier.fits(answer.features.values)
        except Exception as error:  # noqa: BLE001 - the card is complete without labels
            _log.error("labels of %s: not compared: %s", place, stack_of(error))
            return answer
        fitting = {name: fit for name, fit in fits.items() if name in recognised}
        return replace(answer, own_labels=shown(fitting))

    async def read(self, place: Place) -> KnownLabels:
        """Return the labels as they are now; raise StorageFailed."""
        key = _key(place)
        await self._reading.join(key)  # it may have begun before a change
        return await self._reading.get(key, lambda: self._read(place))

    async def close(self) -> None:
        """Cancel what is being read."""
        await self._reading.close()

    async def _soon(self, place: Place) -> KnownLabels | None:
        """Return the labels, perhaps as they were before; None if they are unknown."""
        key = _key(place)
        known = self._known.get(key)
        if known and self._monotonic() < known.read_at + FRESH:
            return known
        try:
            async with deadline(self._time_limit):
                return await self._reading.get(key, lambda: self._read(place))
        except TimeoutError:
            _log.warning("labels of %s: not read in %g s", place, self._time_limit)
        except StorageFailed as error:
            _log.warning("labels of %s: not read: %s", place, error)
        except Exception as error:  # noqa: BLE001 - the card is complete without labels
            _log.error("labels of %s: not learned: %s", place, stack_of(error))
        return known

    async def _read(self, place: Place) -> KnownLabels:
        key, read_at = _key(place), self._monotonic()
        labels = await self._store.of(place)
        known = self._known.get(key)
        if known and known.labels == labels:
            found = replace(known, read_at=read_at)
        else:
            learned = await asyncio.to_thread(_learn, labels) if labels else _learn(labels)
            found = KnownLabels(labels, learned, read_at)
        self._known.put(key, found, KEPT)
        return found


def _learn(labels: Sequence[OwnLabel]) -> Learned:
    return learn(
        {label.name: normal_scores(one.features for one in label.examples) for label in labels}
    )


def _key(place: Place) -> str:
    return f"{place.platform}/{place.workspace}"
