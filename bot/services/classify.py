"""Use case: classify a measured track and store the answer as a card."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace

from bot.concurrency import MAX_CONCURRENT_MESSAGES
from bot.domain.cards import Answer, Card, ModelRef
from bot.domain.errors import FeaturesUnknown
from bot.domain.places import Place
from bot.domain.ports import Classifier, ModelRegistry, PredictionStore
from bot.domain.tracks import AudioFeatures, MeasuredTrack, SubjectRef, Track
from bot.services.label_fits import LabelFits
from bot.services.listen import answer_by_sound
from bot.services.measure import MeasureService
from bot.services.shared_cards import SharedCards
from model.classifier import Prediction
from model.errors import BadValue, BundleError, TooFewFeatures
from model.schema import read
from model.sound.fusion import product
from model.sound.heard import Heard
from model.subgenres import Subgenre
from model.verdicts import Verdict

_log = logging.getLogger(__name__)


class ClassifyService:
    """Measures and classifies tracks, and stores the answers.

    In all methods `model` is a model's name; None selects the default. They raise what
    `MeasureService.by_ref` raises, and:

        ModelUnusable: The model cannot be loaded.
        StorageFailed: The answer cannot be stored.
    """

    def __init__(
        self,
        measure: MeasureService,
        models: ModelRegistry,
        predictions: PredictionStore,
        label_fits: LabelFits | None = None,
    ) -> None:
        self._measure = measure
        self._label_fits = label_fits
        self._models = models
        self._cards = SharedCards(predictions)
        self._slots = asyncio.Semaphore(MAX_CONCURRENT_MESSAGES)

    async def answer(self, ref: SubjectRef, model: str | None = None) -> Answer:
        """Classify the track that a link refers to, without storing the answer."""
        measured = await self._measure.by_ref(ref)
        return await self._answer(measured, model)

    async def answer_track(self, track: Track, model: str | None = None) -> Answer:
        """Classify a track that a search found, without storing the answer."""
        return await self._answer(await self._measure.by_track(track), model)

    async def by_ref(self, ref: SubjectRef, place: Place, model: str | None = None) -> Card:
        """Classify the track that a link refers to."""
        return await self._classify(await self._measure.by_ref(ref), place, model)

    async def key_of(self, ref: SubjectRef) -> str:
        """Return the key of the track that a link refers to, after measuring it if need be."""
        return ref.known_key or (await self._measure.by_ref(ref)).track.key

    async def by_track(self, track: Track, place: Place, model: str | None = None) -> Card:
        """Classify a track that a search found."""
        return await self._classify(await self._measure.by_track(track), place, model)

    async def card(self, answer: Answer, place: Place) -> Card:
        """Return the card of an answer in a place, stored once; raise StorageFailed."""
        return await self._cards.once(answer, place)

    async def close(self) -> None:
        """Cancel what is being stored."""
        await self._cards.close()

    async def _answer(self, measured: MeasuredTrack, model: str | None) -> Answer:
        async with self._slots:
            return classify(await self._models.get(model), measured)

    async def _classify(self, measured: MeasuredTrack, place: Place, model: str | None) -> Card:
        async with self._slots:
            answer = classify(await self._models.get(model), measured)
            if self._label_fits:
                answer = await self._label_fits.added_to(answer, place)
            return await self._cards.of(answer, place)


def classify(classifier: Classifier, measured: MeasuredTrack) -> Answer:
    """Classify a track by its features, or by its sound alone if they are too few.

    Raises FeaturesUnknown if they are too few and it was not heard.

    The sound of a track with features changes the prediction only by exponents that were learned;
    the filed genres are kept beside it and are no input of it.
    """
    features, values = model_inputs(measured)
    try:
        by_numbers = classifier.predict(values)
    except TooFewFeatures as error:
        if measured.heard is None:
            raise FeaturesUnknown(measured.track.title) from error
        by_sound = answer_by_sound(measured.track, measured.heard)
        return replace(by_sound, filed_under=measured.filed_under)
    prediction = with_sound(classifier, by_numbers, measured.heard)
    return Answer(
        subject=measured.track,
        features=features,
        prediction=prediction,
        reasons=classifier.explain(values, prediction),
        typical=classifier.typical(prediction.best),
        model=ModelRef(classifier.name, classifier.version),
        subgenre=_subgenre(classifier, values, prediction),
        filed_under=measured.filed_under,
        heard=measured.heard,
        by_numbers=() if prediction is by_numbers else by_numbers.named,
    )


def with_sound(classifier: Classifier, prediction: Prediction, heard: Heard | None) -> Prediction:
    """Return a prediction by features, multiplied with that of the sound if the tagger is for it.

    The exponents are learned with the tagger's head; without them the prediction stays as it is.
    """
    if heard is None or heard.exponents is None or not heard.genres:
        return prediction
    genres = product(prediction.genres, heard.genres, heard.exponents)
    return replace(prediction, genres=genres, verdict=classifier.verdict(genres))


def model_inputs(measured: MeasuredTrack) -> tuple[AudioFeatures, Mapping[str, float]]:
    """Return the features of a track, and the values that a model is given.

    The track's length, if it is a valid one, is used as a feature unless the features contain one.
    Its year is an input of the model, not a feature: it is neither stored nor displayed among them.
    """
    track, features = measured.track, measured.features
    if (length := _length(track)) is not None:
        source = track.duration_source or features.source
        features = features.with_value("duration_ms", length, source)
    return features, features.with_year(track.year)


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
