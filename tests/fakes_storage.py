"""The stores in memory: fakes of the ports, held to the same contract as the database."""

from collections.abc import Iterator, Sequence

from bot.errors import StorageFailed
from bot.values import Answer, Ballot, Card, Choice, Place


class FakePredictions:
    """A PredictionStore."""

    def __init__(self) -> None:
        self.cards: dict[int, Card] = {}

    async def add(self, answer: Answer, place: Place) -> Card:  # noqa: ARG002  the port's signature
        card = Card(len(self.cards) + 1, answer)
        self.cards[card.id] = card
        return card

    async def get(self, card_id: int) -> Card | None:
        return self.cards.get(card_id)

    def must_have(self, card_id: int) -> None:
        if card_id not in self.cards:
            raise StorageFailed(f"there is no card {card_id}")


class FakeMessages:
    """A MessageStore. `shown` maps each message to its card's id, the latest last."""

    def __init__(self, predictions: FakePredictions) -> None:
        self.predictions = predictions
        self.shown: dict[tuple[Place, str], int] = {}
        self.askers: dict[tuple[Place, str], str | None] = {}

    async def remember(self, place: Place, message_id: str, card_id: int, asker: str) -> None:
        self.predictions.must_have(card_id)
        self.shown.pop((place, message_id), None)
        self.shown[place, message_id] = card_id
        self.askers[place, message_id] = asker

    async def find(self, place: Place, message_id: str) -> Card | None:
        return self.predictions.cards.get(self.shown.get((place, message_id), 0))

    async def recent(self, place: Place, limit: int) -> Sequence[tuple[str, Card]]:
        here = [
            (message_id, self.predictions.cards[card_id])
            for (where, message_id), card_id in self.shown.items()
            if where == place
        ]
        return here[max(0, len(here) - limit) :]


class FakeFeedback:
    """A FeedbackStore. `events` are (card id, user, choice, added), as they came."""

    def __init__(self, predictions: FakePredictions, messages: FakeMessages) -> None:
        self.predictions = predictions
        self.messages = messages
        self.events: list[tuple[int, str, Choice, bool]] = []
        self.seen: set[str] = set()

    async def record(
        self, card_id: int, user: str, choice: Choice, *, added: bool, event_id: str | None = None
    ) -> None:
        self.predictions.must_have(card_id)
        if event_id not in self.seen:
            self.events.append((card_id, user, choice, added))
        if event_id is not None:
            self.seen.add(event_id)

    async def ballot(self, card_id: int, user: str) -> Ballot:
        if card_id not in self.predictions.cards:
            return Ballot()
        standing = [
            (on, choice)
            for on, choice in self._standing(user)
            if self._key(on) == self._key(card_id)
        ]
        return Ballot(
            frozenset(choice for on, choice in standing if on == card_id),
            standing[-1][1].genre if standing else None,
        )

    async def forget(self, user: str) -> int:
        count = len(list(self._standing(user)))
        self.events = [event for event in self.events if event[1] != user]
        self.messages.askers = {
            message: None if asker == user else asker
            for message, asker in self.messages.askers.items()
        }
        return count

    def _standing(self, user: str) -> Iterator[tuple[int, Choice]]:
        """Yield the votes that were not taken back, the latest added last."""
        votes: dict[tuple[int, Choice], bool] = {}
        for card_id, who, choice, added in self.events:
            if who == user:
                votes.pop((card_id, choice), None)
                votes[card_id, choice] = added
        return (vote for vote, added in votes.items() if added)

    def _key(self, card_id: int) -> str:
        return self.predictions.cards[card_id].answer.track.key


class FakeEvents:
    """An EventLog."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    async def first_time(self, event_id: str) -> bool:
        first = event_id not in self.seen
        self.seen.add(event_id)
        return first
