"""Use case: answers for songs by their ids, for pages with an address of their own."""

from bot.concurrency.single_flight import SingleFlight
from bot.domain.cards import Answer, Card
from bot.domain.places import Place
from bot.domain.ports import ModelRegistry, PredictionStore
from bot.domain.tracks import SubjectRef, Track
from bot.services.classify import ClassifyService

CACHE_SIZE = 2048
"""Answers that are kept in memory, 5 kB each."""


class SongService:
    """Answers for songs. Asking stores nothing, so that crawlers leave no rows."""

    def __init__(
        self, classify: ClassifyService, models: ModelRegistry, predictions: PredictionStore
    ) -> None:
        self._classify = classify
        self._models = models
        self._predictions = predictions
        self._answers: SingleFlight[Answer] = SingleFlight(CACHE_SIZE)

    async def answer(self, ref: SubjectRef) -> Answer:
        """Return the answer for a song by the default model; each is made once while it is kept.

        Raises what `ClassifyService.answer` raises.
        """
        model = await self._models.get(None)
        key = f"{model.name} {model.version} {ref}"
        return await self._answers.get(key, lambda: self._classify.answer(ref))

    async def answer_track(self, track: Track) -> Answer:
        """Return the answer for a track that a search found, such as one without an id.

        Raises what `answer` raises.
        """
        return await self._classify.answer_track(track)

    async def card(self, ref: SubjectRef, place: Place) -> Card:
        """Return the card of a song in a place, to be voted on; it is stored at the first vote.

        Raises what `answer` raises, and StorageFailed.
        """
        return await self._predictions.add(await self.answer(ref), place)
