"""Use case: compare two songs.

Each feature's value of one song is given to the other song, all else staying as it is, and the
model is asked again; see `bot.domain.comparison`. A sound that counts in an answer counts in these.
"""

import asyncio
import hashlib
import logging
from collections.abc import Mapping, Sequence
from typing import Final

from bot.concurrency.single_flight import SingleFlight
from bot.domain.cards import Answer, Theme
from bot.domain.comparison import Comparison, Contrast
from bot.domain.errors import SoundslikeError, stack_of
from bot.domain.picture_ports import Renderer
from bot.domain.ports import Classifier, ModelRegistry
from bot.domain.tracks import MeasuredTrack, SubjectRef
from bot.services.classify import model_inputs, with_sound
from bot.services.songs import SongService
from model.schema import INPUT_NAMES

CACHE_SIZE: Final = 256
"""Comparisons that are kept in memory, 20 kB each."""

_log = logging.getLogger(__name__)


class ComparisonService:
    """Compares songs by the default model. Asking stores nothing."""

    def __init__(self, songs: SongService, models: ModelRegistry, renderer: Renderer) -> None:
        self._songs = songs
        self._models = models
        self._renderer = renderer
        self._compared: SingleFlight[Comparison] = SingleFlight(CACHE_SIZE)

    async def answers(self, refs: Sequence[SubjectRef]) -> list[Answer | SoundslikeError]:
        """Return the songs' answers, or why there is none, in their order.

        They are asked for side by side, and a song that is named twice once.
        """
        asked = list(dict.fromkeys(refs))
        found = dict(zip(asked, await asyncio.gather(*map(self._answer, asked)), strict=True))
        return [found[ref] for ref in refs]

    async def is_ready(self, refs: Sequence[SubjectRef]) -> bool:
        """Return whether `answers` asks no source for these songs."""
        return all([await self._songs.is_ready(ref) for ref in refs])

    async def compare(self, first: Answer, second: Answer) -> Comparison:
        """Compare two answers; raise ModelUnusable."""
        classifier = await self._models.get(None)
        names = [_digest(answer) for answer in (first, second)]
        key = " ".join((classifier.name, classifier.version, *sorted(names)))
        ordered = (first, second) if names == sorted(names) else (second, first)

        async def work() -> Comparison:
            return compare(classifier, *ordered)

        found = await self._compared.get(key, work)
        return found if ordered[0] is first else found.mirrored

    async def chart(self, first: Answer, second: Answer, theme: Theme) -> bytes | None:
        """Return the chart of two songs as PNG; None if it cannot be drawn."""
        try:
            return await self._renderer.comparison(first, second, theme)
        except Exception as error:  # noqa: BLE001 - the page is displayed without its chart then
            _log.error("comparison: chart failed: %s", stack_of(error))
            return None

    async def close(self) -> None:
        """Cancel the comparisons in progress."""
        await self._compared.close()

    async def _answer(self, ref: SubjectRef) -> Answer | SoundslikeError:
        try:
            return await self._songs.answer(ref)
        except SoundslikeError as error:
            return error


def compare(classifier: Classifier, first: Answer, second: Answer) -> Comparison:
    """Compare two answers of a classifier; takes 3 ms.

    A value that is unknown for one of them is compared with nothing, and a value that is equal
    changes nothing.
    """
    one, other = _Song(classifier, first), _Song(classifier, second)
    contrasts = [
        Contrast(
            name,
            one.values.get(name),
            other.values.get(name),
            by_first=other.changes(name, one.values.get(name)),
            by_second=one.changes(name, other.values.get(name)),
        )
        for name in INPUT_NAMES
        if name in one.values or name in other.values
    ]
    return Comparison(first, second, tuple(contrasts))


class _Song:
    """A song as the model sees it.

    Attributes:
        values: The values that the model is given; none if the song is judged by sound alone.
    """

    def __init__(self, classifier: Classifier, answer: Answer) -> None:
        self._classifier = classifier
        self._heard = answer.heard
        measured = MeasuredTrack(answer.subject, answer.features)
        self.values = {} if answer.by_sound_alone else model_inputs(measured)[1]
        self._before = self._probabilities(self.values) if self.values else {}

    def changes(self, name: str, value: float | None) -> Mapping[str, float]:
        """Return how the probabilities change with another value of one feature.

        Empty if that value or the song's own is unknown.
        """
        if value is None or name not in self.values:
            return {}
        if value == self.values[name]:
            return dict.fromkeys(self._before, 0.0)
        after = self._probabilities({**self.values, name: value})
        return {genre: after[genre] - share for genre, share in self._before.items()}

    def _probabilities(self, values: Mapping[str, float]) -> Mapping[str, float]:
        return with_sound(self._classifier, self._classifier.predict(values), self._heard).genres


def _digest(answer: Answer) -> str:
    """Return what is equal for equal answers only."""
    return hashlib.sha256(repr(answer).encode()).hexdigest()
