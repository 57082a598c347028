"""Use case: a candidate classifies what is answered, unseen, beside the active model."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from math import comb
from typing import Final

from bot.concurrency.background import beside
from bot.domain.cards import Answer, Card, ModelRef
from bot.domain.errors import StorageFailed, stack_of
from bot.domain.places import Place
from bot.domain.ports import Classifier, PredictionStore
from bot.domain.shadow_answers import ShadowComparison, ShadowStore
from bot.domain.tracks import MeasuredTrack
from bot.services.classify import model_inputs, with_sound
from bot.texts import shadow as texts

QUEUE: Final = 256
"""Answers that wait to be classified by the candidate; further ones are left out."""

SIGNIFICANCE: Final = 0.05
"""Largest probability of votes as much against a candidate by chance, if it is as good."""

_log = logging.getLogger(__name__)


class ShadowService:
    """Lets a candidate classify the answers that are stored, after the users have got theirs.

    Answers that the candidate does not get to are left out: users never wait for it, and its
    failures are not theirs.

    Args:
        store: Stores what the candidate would have answered.
    """

    def __init__(self, store: ShadowStore) -> None:
        self._store = store
        self._waiting: asyncio.Queue[Card] = asyncio.Queue(QUEUE)
        self._candidate: Classifier | None = None
        self._has_failed = False

    @property
    def candidate(self) -> Classifier | None:
        """The candidate; None without one."""
        return self._candidate

    def follow(self, candidate: Classifier | None) -> None:
        """Let another candidate, or none, classify from now on."""
        self._candidate = candidate
        self._has_failed = False

    def on_answer(self, card: Card) -> None:
        """Take an answer that was stored, if the candidate is of its model."""
        candidate = self._candidate
        if candidate is None or card.answer.model.name != candidate.name:
            return
        if not card.answer.by_sound_alone:
            with suppress(asyncio.QueueFull):
                self._waiting.put_nowait(card)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Classify the answers that were taken until the block ends."""
        async with beside(self._repeat()):
            yield

    async def _repeat(self) -> None:
        while True:
            card = await self._waiting.get()
            if (candidate := self._candidate) is None:
                continue
            try:
                await self._classify(candidate, card)
            except StorageFailed as error:
                self._report(candidate, str(error))
            except Exception as error:  # noqa: BLE001 - of a model that has not been promoted
                self._report(candidate, stack_of(error))

    async def _classify(self, candidate: Classifier, card: Card) -> None:
        answer = card.answer
        measured = MeasuredTrack(answer.subject, answer.features, heard=answer.heard)
        _, values = model_inputs(measured)
        by_numbers = candidate.predict(values)
        genres = with_sound(candidate, by_numbers, answer.heard).genres
        ref = ModelRef(candidate.name, candidate.version)
        await self._store.add(card.id, ref, genres)

    def _report(self, candidate: Classifier, why: str) -> None:
        """Log the first failure of a candidate."""
        if not self._has_failed:
            self._has_failed = True
            _log.warning("%s", texts.not_classified(candidate.name, candidate.version, why))


class ShadowedPredictions:
    """Implements the port `PredictionStore`: stores answers, and gives them to the candidate."""

    def __init__(self, predictions: PredictionStore, shadow: ShadowService) -> None:
        self._predictions = predictions
        self._shadow = shadow

    async def add(self, answer: Answer, place: Place) -> Card:
        """Store an answer that is about to be sent to `place`; raise StorageFailed."""
        card = await self._predictions.add(answer, place)
        self._shadow.on_answer(card)
        return card

    async def get(self, card_id: int, place: Place | None = None) -> Card | None:
        """Return a stored answer; with `place`, only one sent there; raise StorageFailed."""
        return await self._predictions.get(card_id, place)

    async def latest(self, track_key: str, place: Place) -> Card | None:
        """Return the newest answer about a track in a place; raise StorageFailed."""
        return await self._predictions.latest(track_key, place)

    async def newest(self, track_key: str, place: Place, limit: int) -> Sequence[Card]:
        """Return the newest answers about a track in a place, the newest first.

        Raises StorageFailed.
        """
        return await self._predictions.newest(track_key, place, limit)


def is_refused(compared: ShadowComparison) -> bool:
    """Return whether people voted against a candidate more than chance explains.

    A one-sided sign test over the tracks on which the models differ, as McNemar's exact test is.
    Without that evidence a candidate is not refused, as the gate has passed it.
    """
    count = compared.votes_for + compared.votes_against
    as_few = sum(comb(count, votes) for votes in range(compared.votes_for + 1))
    return as_few / (1 << count) < SIGNIFICANCE


def reasons(compared: ShadowComparison) -> tuple[str, ...]:
    """Return in sentences why a candidate is promoted or refused."""
    verdict = texts.REFUSED if is_refused(compared) else texts.PROMOTED
    if not compared.votes_for + compared.votes_against:
        verdict = texts.NO_VOTES
    return (texts.compared(compared), verdict)
