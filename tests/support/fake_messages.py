"""In-memory store of messages; the contract tests run against it and the database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.domain.cards import Card
from bot.domain.places import Place
from bot.domain.ports import Now

if TYPE_CHECKING:  # which imports this module
    from tests.support.fake_stores import FakePredictionStore


@dataclass(frozen=True)
class StoredMessage:
    """A message of a FakeMessageStore."""

    card_id: int | None
    asker: str | None
    source: str
    at: datetime
    hidden: bool = False


class FakeMessageStore:
    """Implements MessageStore. `stored` are the messages, newest last."""

    def __init__(
        self, predictions: "FakePredictionStore", now: Now = lambda: datetime.now(UTC)
    ) -> None:
        self.predictions = predictions
        self.now = now
        self.stored: dict[tuple[Place, str], StoredMessage] = {}

    async def remember(
        self,
        place: Place,
        message_id: str,
        card_id: int | None,
        *,
        asker: str,
        source: str,
        hidden: bool = False,
    ) -> None:
        if card_id is not None:
            self.predictions.require(card_id)
        self.stored[place, message_id] = StoredMessage(card_id, asker, source, self.now(), hidden)

    async def find(self, place: Place, message_id: str) -> Card | None:
        stored = self.stored.get((place, message_id))
        return self.predictions.cards.get(stored.card_id or 0) if stored else None

    async def is_hidden(self, place: Place, message_id: str) -> bool:
        stored = self.stored.get((place, message_id))
        return stored is not None and stored.hidden

    async def answers(
        self, place: Place, source: str, asker: str | None = None
    ) -> Sequence[tuple[str, int | None]]:
        return [
            (message_id, stored.card_id)
            for message_id, stored in self._sent(place, asker)
            if stored.source == source
        ]

    async def places_of(self, platform: str, source: str) -> Sequence[Place]:
        found = (place for (place, _), one in self.stored.items() if one.source == source)
        return list({place: None for place in found if place.platform == platform})

    async def asked(self, place: Place, message_id: str, asker: str) -> bool:
        stored = self.stored.get((place, message_id))
        return stored is not None and stored.asker == asker

    async def asked_by(self, asker: str, limit: int) -> Sequence[Card]:
        cards = [
            self.predictions.cards[stored.card_id]
            for stored in self.stored.values()
            if stored.asker == asker and stored.card_id is not None
        ]
        return cards[::-1][:limit]

    async def displayed_to(self, place: Place, asker: str, card_id: int) -> bool:
        return any(stored.card_id == card_id for _, stored in self._sent(place, asker))

    async def sent_to(self, place: Place, asker: str, ending: str) -> bool:
        return any(message_id.endswith(ending) for message_id, _ in self._sent(place, asker))

    async def recent(
        self, place: Place, limit: int, asker: str | None = None
    ) -> Sequence[tuple[str, Card | None]]:
        cards = self.predictions.cards
        here = [(id_, cards.get(stored.card_id or 0)) for id_, stored in self._sent(place, asker)]
        return here[max(0, len(here) - limit) :]

    async def latest(
        self, place: Place, track_key: str, since: datetime
    ) -> tuple[str, Card] | None:
        found = [
            (message_id, card)
            for message_id, card, at in self._cards_in(place)
            if card.answer.subject.key == track_key and at >= since
        ]
        return found[-1] if found else None

    async def drop(self, place: Place, message_id: str) -> Sequence[str]:
        answers = [
            answer
            for (where, answer), stored in self.stored.items()
            if where == place and stored.source == message_id
        ]
        for deleted in (message_id, *answers):
            self.stored.pop((place, deleted), None)
        return answers

    @property
    def askers(self) -> dict[tuple[Place, str], str | None]:
        return {message: stored.asker for message, stored in self.stored.items()}

    def forget(self, user: str) -> None:
        for message, stored in self.stored.items():
            if stored.asker == user:
                self.stored[message] = replace(stored, asker=None)
                self.predictions.forget_sound(stored.card_id)

    def _cards_in(self, place: Place) -> Iterator[tuple[str, Card, datetime]]:
        for message_id, stored in self._sent(place, None):
            if stored.card_id is not None:
                yield message_id, self.predictions.cards[stored.card_id], stored.at

    def _sent(self, place: Place, asker: str | None) -> Iterator[tuple[str, StoredMessage]]:
        for (where, message_id), stored in self.stored.items():
            if where == place and asker in (None, stored.asker):
                yield message_id, stored
