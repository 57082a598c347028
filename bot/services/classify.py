"""Use case: classify a track and store the answer as a card."""

import asyncio
import logging
from collections.abc import Awaitable, Mapping
from typing import Final, NamedTuple, TypeVar

from bot.concurrency import MAX_CONCURRENT_MESSAGES
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
from model.classifier import Prediction
from model.errors import BadValue, BundleError, TooFewFeatures
from model.schema import YEAR, read
from model.subgenres import Subgenre
from model.verdicts import Verdict

TIME_LIMIT: Final = 10.0
"""Seconds for looking up a track and its features."""

CACHE_SIZE: Final = 256
"""Tracks whose features are cached in memory."""

_log = logging.getLogger(__name__)
T = TypeVar("T")


class MeasuredTrack(NamedTuple):
    """A track with its features, before classification."""

    track: Track
    features: AudioFeatures


class ClassifyService:
    """Looks up tracks and features, classifies and stores the answers.

    In all methods `model` is a model's name; None selects the default.
    """

    def __init__(
        self,
        lookup: TrackLookup,
        features: FeatureProvider,
        models: ModelRegistry,
        predictions: PredictionStore,
        time_limit: float = TIME_LIMIT,
    ) -> None:
        self._lookup = lookup
        self._features = features
        self._models = models
        self._predictions = predictions
        self._time_limit = time_limit
        self._slots = asyncio.Semaphore(MAX_CONCURRENT_MESSAGES)
        self._measured: SingleFlight[MeasuredTrack] = SingleFlight(CACHE_SIZE)

    async def by_id(self, track_id: str, place: Place, model: str | None = None) -> Card:
        """Classify the track with a Spotify id.

        Raises:
            TrackNotFound: No source knows the track.
            FeaturesUnknown: Too few of its features are known.
            Unavailable: A needed service cannot be used, or the time limit has passed.
            ModelUnusable: The model cannot be loaded.
            StorageFailed: The answer cannot be stored.
        """
        measured = await self._limited(
            self._measured.get(track_id, lambda: self._measure_id(track_id))
        )
        if not measured.track.title:
            self._measured.discard(track_id)  # the title may be available next time
        return await self._classify(measured, place, model)

    async def by_text(self, text: str, place: Place, model: str | None = None) -> Card:
        """Classify the best match of a free-text search; raises as `by_id` does."""
        return await self._classify(await self._limited(self._measure_text(text)), place, model)

    async def search(self, text: str) -> list[Track]:
        """Return the matches of a free-text search, best first; raise Unavailable."""
        return list(await self._lookup.search(text))

    async def _measure_text(self, text: str) -> MeasuredTrack:
        matches = await self._lookup.search(text)
        if not matches:
            raise TrackNotFound
        track = matches[0]
        return await self._measured.get(track.key, lambda: self._measure(track))

    async def _measure_id(self, track_id: str) -> MeasuredTrack:
        try:
            track = await self._lookup.get(track_id)
        except Unavailable as lookup_error:
            # Without metadata, the features may still be known for the id.
            url = f"https://open.spotify.com/track/{track_id}"
            try:
                return await self._measure(Track(spotify_id=track_id, url=url))
            except (FeaturesUnknown, Unavailable):
                raise lookup_error from None
        if track is None:
            raise TrackNotFound(track_id)
        return await self._measure(track)

    async def _measure(self, track: Track) -> MeasuredTrack:
        features = await self._features.features(track)
        if features is None:
            raise FeaturesUnknown(track.title)
        return MeasuredTrack(track, features)

    async def _classify(self, measured: MeasuredTrack, place: Place, model: str | None) -> Card:
        async with self._slots:
            answer = classify(await self._models.get(model), measured.track, measured.features)
            return await self._predictions.add(answer, place)

    async def _limited(self, work: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self._time_limit):
                return await work
        except TimeoutError as error:
            reason = f"no answer in {self._time_limit:g} s"
            raise Unavailable("the music services", reason) from error


def classify(classifier: Classifier, track: Track, features: AudioFeatures) -> Answer:
    """Classify a track with known features; raise FeaturesUnknown if they are too few.

    The track's length, if it is a valid one, is used as a feature unless the features contain one.
    Its year is an input of the model, not a feature: it is neither stored nor displayed among them.
    """
    if (length := _length(track)) is not None:
        source = track.duration_source or features.source
        features = features.with_value("duration_ms", length, source)
    values = dict(features.values)
    if track.year is not None:
        values[YEAR.name] = float(track.year)
    try:
        prediction = classifier.predict(values)
    except TooFewFeatures as error:
        raise FeaturesUnknown(track.title) from error
    return Answer(
        subject=track,
        features=features,
        prediction=prediction,
        reasons=classifier.explain(values, prediction.best),
        typical=classifier.typical(prediction.best),
        model=ModelRef(classifier.name, classifier.version),
        subgenre=_subgenre(classifier, values, prediction),
    )


def _length(track: Track) -> float | None:
    try:
        return read("duration_ms", track.duration_ms)
    except BadValue:
        return None


def _subgenre(
    classifier: Classifier, values: Mapping[str, float], prediction: Prediction
) -> Subgenre | None:
    """Return the sub-genre to display: one of a genre that is stated plainly."""
    if prediction.verdict is not Verdict.PLAIN:
        return None
    try:
        return classifier.subgenre(values, prediction.best)
    except BundleError as error:  # the answer is complete without it
        _log.error("model %s: no sub-genre: %s", classifier.name, error)
        return None
