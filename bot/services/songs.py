"""Use case: answers for songs by their ids, for pages with an address of their own."""

import math
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from bot.concurrency.bounded_cache import BoundedCache
from bot.concurrency.single_flight import SingleFlight
from bot.domain.cards import Answer, Card
from bot.domain.errors import FeaturesUnknown, TrackNotFound, Unavailable
from bot.domain.music_services import MusicService
from bot.domain.places import Place
from bot.domain.ports import ModelRegistry, PredictionStore
from bot.domain.tracks import SubjectRef, Track
from bot.services.classify import ClassifyService
from bot.services.failures import value_or_none

CACHE_SIZE: Final = 2048
"""Answers that are kept in memory, 5 kB each."""

MISSES: Final = 8192
"""Songs without an answer that are remembered, 0.5 kB each."""

MISS_SECONDS: Final = 300.0
"""Time for which it is remembered that a song has no answer, or that its answer is incomplete."""

Miss = TrackNotFound | FeaturesUnknown


class SongService:
    """Answers for songs. Asking stores nothing, so that crawlers leave no rows.

    Answers are kept, and those who ask for a song at once share one. That a song has no answer is
    remembered for a while, that a service failed is not.

    Args:
        classify: Measures and classifies songs.
        models: The models; the default one is used.
        predictions: Has the cards of places.
        monotonic: Clock in seconds.
    """

    def __init__(
        self,
        classify: ClassifyService,
        models: ModelRegistry,
        predictions: PredictionStore,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._classify = classify
        self._models = models
        self._predictions = predictions
        self._answers: BoundedCache[Answer] = BoundedCache(CACHE_SIZE, monotonic)
        self._misses: BoundedCache[Miss] = BoundedCache(MISSES, monotonic)
        self._asking: SingleFlight[Answer] = SingleFlight()

    async def answer(self, ref: SubjectRef, place: Place | None = None) -> Answer:
        """Return the answer for a song by the default model.

        While the sources fail, it is the newest one that was given in `place`, if there is one.

        Raises what `ClassifyService.answer` raises.
        """
        key = await self._key(ref)
        if answer := self._answers.get(key):
            return answer
        if miss := self._misses.get(key):
            raise _copy(miss)
        try:
            return await self._asking.get(key, partial(self._ask, ref, key))
        except Unavailable:
            stored = await self._stored(ref, place) if place else None
            if stored is None:
                raise
            return replace(stored.answer, own_labels={})  # those of its place are not of the song

    async def is_ready(self, ref: SubjectRef) -> bool:
        """Return whether `answer` asks no source: it is kept, remembered, or being asked for."""
        key = await self._key(ref)
        is_known = self._answers.get(key) is not None or self._misses.get(key) is not None
        return is_known or key in self._asking

    async def answer_track(self, track: Track) -> Answer:
        """Return the answer for a track that a search found, such as one without an id.

        Raises what `answer` raises.
        """
        return await self._classify.answer_track(track)

    async def card(self, ref: SubjectRef, place: Place) -> Card:
        """Return the card of a song in a place, to be voted on.

        It is one of the newest about the track there, if it says the same; else it is stored.

        Raises what `answer` raises, and StorageFailed.
        """
        return await self._classify.card(await self.answer(ref, place), place)

    async def latest_card(self, ref: SubjectRef, place: Place) -> Card | None:
        """Return the newest card of a song in a place; raise what `answer` raises."""
        return await self._predictions.latest(await self.key_of(ref, place), place)

    async def key_of(self, ref: SubjectRef, place: Place) -> str:
        """Return the key of a song's track; for that of Spotify, no source is asked.

        Raises what `answer` raises.
        """
        return ref.known_key or (await self.answer(ref, place)).subject.key

    async def close(self) -> None:
        """Cancel the questions in progress."""
        await self._asking.close()

    async def _key(self, ref: SubjectRef) -> str:
        model = await self._models.get(None)
        return f"{model.name} {model.version} {ref}"

    async def _ask(self, ref: SubjectRef, key: str) -> Answer:
        try:
            answer = await self._classify.answer(ref)
        except (TrackNotFound, FeaturesUnknown) as error:
            self._misses.put(key, _copy(error), MISS_SECONDS)
            raise
        is_complete = answer.subject.is_named and answer.filed_under is not None
        # A source that failed may answer next time. If the model was replaced meanwhile, the answer
        # is not that of the version in the key.
        if key == await self._key(ref):
            self._answers.put(key, answer, math.inf if is_complete else MISS_SECONDS)
        return answer

    async def _stored(self, ref: SubjectRef, place: Place) -> Card | None:
        key = _key_without_sources(ref)
        if key is None:
            return None
        return await value_or_none(self._predictions.latest(key, place), "a song")


def _key_without_sources(ref: SubjectRef) -> str | None:
    """Return the key of a track of which no more than its id is known."""
    match ref.service:
        case MusicService.DEEZER:
            return Track(deezer_id=ref.id).key
        case MusicService.MUSICBRAINZ:
            return Track(musicbrainz_id=ref.id).key
        case _:
            return ref.known_key


def _copy(error: Miss) -> Miss:
    """Return an error without its stack, which would keep what was in memory then."""
    copy: Miss
    if isinstance(error, FeaturesUnknown):
        copy = FeaturesUnknown(error.title)
    else:
        copy = TrackNotFound(*error.args)
    copy.song = error.song
    return copy
