"""Use case: store an answer as a card; an equal answer on the page is stored once."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from bot.concurrency.single_flight import SingleFlight
from bot.domain.cards import Answer, Card
from bot.domain.places import Place
from bot.domain.ports import PredictionStore

COMPARED: Final = 4
"""Newest cards of a track that a new answer is compared with: the ways of asking for a song may
give it different figures, as its length is one."""


class SharedCards:
    """Stores answers about songs.

    Where a message displays a card, as in chats, each message has a card of its own, whose votes
    are counted by themselves. On the page, votes are counted by song, so that visitors may be shown
    the same card: asking for a song again stores nothing.
    """

    def __init__(self, predictions: PredictionStore) -> None:
        self._predictions = predictions
        self._storing: SingleFlight[Card] = SingleFlight()

    async def of(self, answer: Answer, place: Place) -> Card:
        """Return the card of an answer that is about to be sent to `place`.

        Raises StorageFailed.
        """
        if place.shares_cards:
            return await self._once(answer, place, labels=True)
        return await self._predictions.add(answer, place)

    async def once(self, answer: Answer, place: Place) -> Card:
        """Return a card of `place` that says what an answer says; store it if there is none.

        Its labels of the place may be any, as an answer that no place asked for has none. Those who
        ask at once get the same card. Raises StorageFailed.
        """
        return await self._once(answer, place, labels=False)

    async def _once(self, answer: Answer, place: Place, *, labels: bool) -> Card:
        compared = dict(answer.own_labels) if labels else None
        key = f"{place} {answer.subject.key} {_figures(answer)} {answer.filed_under} {compared}"
        return await self._storing.get(key, partial(self._find_or_store, answer, place, compared))

    async def close(self) -> None:
        """Cancel what is being stored."""
        await self._storing.close()

    async def _find_or_store(
        self, answer: Answer, place: Place, labels: Mapping[str, float] | None
    ) -> Card:
        """Return or store a card; `labels` are those that it must have, any for None."""
        stored = await self._predictions.newest(answer.subject.key, place, COMPARED)
        same = (
            card
            for card in stored
            if _says_all_of(card.answer, answer) and labels in (None, dict(card.answer.own_labels))
        )
        return next(same, None) or await self._predictions.add(answer, place)


def _says_all_of(stored: Answer, answer: Answer) -> bool:
    """Return whether a stored answer has the same figures, and lacks nothing that is known now.

    A source that failed when it was given may have answered since.
    """
    before, now = stored.subject, answer.subject
    return (
        _figures(stored) == _figures(answer)
        and answer.filed_under in (None, stored.filed_under)
        and (stored.heard is not None or answer.heard is None)
        and ((now.title, now.artists) == (before.title, before.artists) or not now.is_named)
        and all(getattr(before, name) or not getattr(now, name) for name in ("url", "image"))
    )


def _figures(answer: Answer) -> tuple[object, ...]:
    """Return by what two answers about a track are the same to those who vote."""
    prediction = answer.prediction
    return answer.model, dict(answer.features.values), dict(prediction.genres), prediction.verdict
