"""The use case: a track in, a stored card out. Resolve, measure, predict, explain, store."""

import asyncio
from collections.abc import Awaitable
from typing import Final, NamedTuple, TypeVar

from bot.concurrency.single_flight import SingleFlight
from bot.domain.cards import Answer, Card, ModelRef
from bot.domain.errors import FeaturesUnknown, TrackNotFound, Unavailable
from bot.domain.places import Place
from bot.domain.ports import (
    Classifier,
    FeatureProvider,
    ModelRegistry,
    PredictionStore,
    TrackLookup,
)
from bot.domain.tracks import AudioFeatures, Track
from model.errors import TooFewFeatures

BUDGET: Final = 10.0
"""Seconds within which a question is answered, one way or the other."""

AT_ONCE: Final = 4
"""Answers made at once: a hundred, made in one turn of the event loop, would stop it."""

REMEMBERED: Final = 256
"""Tracks whose features are kept in memory."""

T = TypeVar("T")


class MeasuredTrack(NamedTuple):
    """A track and its features, before any model has seen them."""

    track: Track
    features: AudioFeatures


class ClassifyService:
    """Answers what a track sounds like.

    `model` is a bundle's name everywhere, None for the one that is set.
    """

    def __init__(
        self,
        catalog: TrackLookup,
        features: FeatureProvider,
        models: ModelRegistry,
        predictions: PredictionStore,
        budget: float = BUDGET,
    ) -> None:
        self._catalog = catalog
        self._features = features
        self._models = models
        self._predictions = predictions
        self._budget = budget
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._measured: SingleFlight[MeasuredTrack] = SingleFlight(REMEMBERED)

    async def by_id(self, track_id: str, place: Place, model: str | None = None) -> Card:
        """Answer for a Spotify id.

        Raises TrackNotFound, FeaturesUnknown, Unavailable, ModelUnusable, StorageFailed.
        """
        found = await self._in_time(self._measured.get(track_id, lambda: self._from_id(track_id)))
        if not found.track.title:
            self._measured.drop(track_id)  # its name may be known next time
        return await self._stored(found, place, model)

    async def by_text(self, text: str, place: Place, model: str | None = None) -> Card:
        """Answer for the first track found by free text; raises as `by_id` does."""
        return await self._stored(await self._in_time(self._from_text(text)), place, model)

    async def suggest(self, text: str) -> list[Track]:
        """Find tracks by free text, best first; raises Unavailable."""
        return list(await self._catalog.search(text))

    async def _from_text(self, text: str) -> MeasuredTrack:
        found = await self._catalog.search(text)
        if not found:
            raise TrackNotFound
        track = found[0]
        return await self._measured.get(track.key, lambda: self._from_track(track))

    async def _from_id(self, track_id: str) -> MeasuredTrack:
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

    async def _from_track(self, track: Track) -> MeasuredTrack:
        found = await self._features.features(track)
        if found is None:
            raise FeaturesUnknown(track.title)
        return MeasuredTrack(track, found)

    async def _stored(self, found: MeasuredTrack, place: Place, model: str | None) -> Card:
        async with self._turns:
            answer = judge(await self._models.get(model), found.track, found.features)
            return await self._predictions.add(answer, place)

    async def _in_time(self, work: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self._budget):
                return await work
        except TimeoutError as error:
            raise Unavailable("the music services", f"no answer in {self._budget:g} s") from error


def judge(classifier: Classifier, track: Track, features: AudioFeatures) -> Answer:
    """Classify a track whose features are known; raises FeaturesUnknown for too few."""
    values = dict(features.values)
    if track.duration_ms:
        values.setdefault("duration_ms", float(track.duration_ms))
    try:
        prediction = classifier.predict(values)
    except TooFewFeatures as error:
        raise FeaturesUnknown(track.title) from error
    return Answer(
        track=track,
        features=AudioFeatures(values, features.source),
        prediction=prediction,
        reasons=classifier.explain(values, prediction.best),
        typical=classifier.typical(prediction.best),
        model=ModelRef(classifier.name, classifier.version),
    )
