"""The use case: a track in, a stored card out. Resolve, measure, predict, explain, store."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final, Generic, TypeVar

from bot.errors import FeaturesUnknown, TrackNotFound, Unavailable
from bot.ports import Classifier, FeatureProvider, PredictionStore, TrackCatalog
from bot.values import Answer, AudioFeatures, Card, ModelRef, Place, Track
from model.errors import TooFewFeatures

BUDGET: Final = 10.0
"""Seconds within which a question is answered, one way or the other."""

REMEMBERED: Final = 256
"""Answers kept in memory."""

T = TypeVar("T")


class Shared(Generic[T]):
    """Runs one piece of work for all who ask for it at once, and remembers the latest results."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._tasks: OrderedDict[str, asyncio.Task[T]] = OrderedDict()

    async def get(self, key: str, work: Callable[[], Awaitable[T]]) -> T:
        """Return the result of `work` for `key`; errors reach everyone and are not remembered."""
        task = self._tasks.get(key)
        if task is None:
            task = asyncio.ensure_future(_run(work))
            task.add_done_callback(lambda done: self._forget_failure(key, done))
            self._tasks[key] = task
            if len(self._tasks) > self._most:
                self._tasks.popitem(last=False)
        self._tasks.move_to_end(key)
        return await asyncio.shield(task)

    def drop(self, key: str) -> None:
        """Do not remember the result for `key`."""
        self._tasks.pop(key, None)

    def _forget_failure(self, key: str, task: asyncio.Task[T]) -> None:
        failed = task.cancelled() or task.exception() is not None
        if failed and self._tasks.get(key) is task:
            del self._tasks[key]


class Classify:
    """Answers what a track sounds like."""

    def __init__(
        self,
        catalog: TrackCatalog,
        features: FeatureProvider,
        classifier: Classifier,
        predictions: PredictionStore,
        budget: float = BUDGET,
    ) -> None:
        self._catalog = catalog
        self._features = features
        self._classifier = classifier
        self._predictions = predictions
        self._budget = budget
        self._answers: Shared[Answer] = Shared(REMEMBERED)

    async def by_id(self, track_id: str, place: Place) -> Card:
        """Answer for a Spotify id.

        Raises TrackNotFound, FeaturesUnknown, Unavailable, StorageFailed.
        """
        answer = await self._in_time(self._answers.get(track_id, lambda: self._from_id(track_id)))
        if not answer.track.title:
            self._answers.drop(track_id)  # its name may be known next time
        return await self._predictions.add(answer, place)

    async def by_text(self, text: str, place: Place) -> Card:
        """Answer for the first track found by free text; raises as `by_id` does."""
        answer = await self._in_time(self._from_text(text))
        return await self._predictions.add(answer, place)

    async def _from_text(self, text: str) -> Answer:
        found = await self._catalog.search(text)
        if not found:
            raise TrackNotFound
        track = found[0]
        return await self._answers.get(track.key, lambda: self._from_track(track))

    async def _from_id(self, track_id: str) -> Answer:
        try:
            track = await self._catalog.get(track_id)
        except Unavailable as away:
            # The name is a nicety: the features may still be known under the id alone.
            nameless = Track(id=track_id, url=f"https://open.spotify.com/track/{track_id}")
            try:
                return await self._from_track(nameless)
            except (FeaturesUnknown, Unavailable):
                raise away from None
        if track is None:
            raise TrackNotFound(track_id)
        return await self._from_track(track)

    async def _from_track(self, track: Track) -> Answer:
        found = await self._features.features(track)
        if found is None:
            raise FeaturesUnknown(track.title)
        return self.answer(track, found)

    def answer(self, track: Track, features: AudioFeatures) -> Answer:
        """Classify a track whose features are known; raises FeaturesUnknown for too few."""
        values = dict(features.values)
        if track.duration_ms:
            values.setdefault("duration_ms", float(track.duration_ms))
        try:
            prediction = self._classifier.predict(values)
        except TooFewFeatures as error:
            raise FeaturesUnknown(track.title) from error
        return Answer(
            track=track,
            features=AudioFeatures(values, features.source),
            prediction=prediction,
            reasons=self._classifier.explain(values, prediction.best),
            typical=self._classifier.typical(prediction.best),
            model=ModelRef(self._classifier.name, self._classifier.version),
        )

    async def _in_time(self, work: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self._budget):
                return await work
        except TimeoutError as error:
            raise Unavailable("the music services", f"no answer in {self._budget:g} s") from error


async def _run(work: Callable[[], Awaitable[T]]) -> T:
    return await work()
