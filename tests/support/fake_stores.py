"""The stores in memory: fakes of the ports, held to the same contract as the database."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from statistics import fmean
from typing import TypeVar

from bot.domain.cards import Answer, Card
from bot.domain.channel_settings import ChannelSettings, SettingsChange
from bot.domain.errors import StorageFailed
from bot.domain.places import Place
from bot.domain.ports import Now
from bot.domain.statistics import WorkspaceStats
from bot.domain.votes import Ballot, Selection
from model.schema import NAMES

Key = TypeVar("Key", str, tuple[str, str])


class FakePredictionStore:
    """A PredictionStore."""

    def __init__(self) -> None:
        self.cards: dict[int, Card] = {}
        self.places: dict[int, Place] = {}

    async def add(self, answer: Answer, place: Place) -> Card:
        card = Card(len(self.cards) + 1, answer)
        self.cards[card.id] = card
        self.places[card.id] = place
        return card

    async def get(self, card_id: int) -> Card | None:
        return self.cards.get(card_id)

    def must_have(self, card_id: int) -> None:
        if card_id not in self.cards:
            raise StorageFailed(f"there is no card {card_id}")

    def key(self, card_id: int) -> str:
        return self.cards[card_id].answer.track.key


@dataclass(frozen=True)
class Said:
    """What a FakeMessages knows of a message."""

    card_id: int | None
    asker: str | None
    source: str
    at: datetime


class FakeMessageStore:
    """A MessageStore. `said` are the messages, the latest last."""

    def __init__(
        self, predictions: FakePredictionStore, now: Now = lambda: datetime.now(UTC)
    ) -> None:
        self.predictions = predictions
        self.now = now
        self.said: dict[tuple[Place, str], Said] = {}

    async def remember(
        self,
        place: Place,
        message_id: str,
        card_id: int | None,
        *,
        asker: str,
        source: str,
    ) -> None:
        if card_id is not None:
            self.predictions.must_have(card_id)
        self.said.pop((place, message_id), None)
        self.said[place, message_id] = Said(card_id, asker, source, self.now())

    async def find(self, place: Place, message_id: str) -> Card | None:
        said = self.said.get((place, message_id))
        return self.predictions.cards.get(said.card_id or 0) if said else None

    async def asked(self, place: Place, message_id: str, asker: str) -> bool:
        said = self.said.get((place, message_id))
        return said is not None and said.asker == asker

    async def asked_by(self, asker: str, limit: int) -> Sequence[Card]:
        cards = [
            self.predictions.cards[said.card_id]
            for said in self.said.values()
            if said.asker == asker and said.card_id is not None
        ]
        return cards[::-1][:limit]

    async def recent(self, place: Place, limit: int) -> Sequence[tuple[str, Card]]:
        here = [(message_id, card) for message_id, card, _ in self._shown(place)]
        return here[max(0, len(here) - limit) :]

    async def latest(
        self, place: Place, track_key: str, since: datetime
    ) -> tuple[str, Card] | None:
        found = [
            (message_id, card)
            for message_id, card, at in self._shown(place)
            if card.answer.track.key == track_key and at >= since
        ]
        return found[-1] if found else None

    async def drop(self, place: Place, message_id: str) -> Sequence[str]:
        answers = [
            answer
            for (where, answer), said in self.said.items()
            if where == place and said.source == message_id
        ]
        for gone in (message_id, *answers):
            self.said.pop((place, gone), None)
        return answers

    @property
    def askers(self) -> dict[tuple[Place, str], str | None]:
        return {message: said.asker for message, said in self.said.items()}

    def forget(self, user: str) -> None:
        for message, said in self.said.items():
            if said.asker == user:
                self.said[message] = replace(said, asker=None)

    def _shown(self, place: Place) -> Iterator[tuple[str, Card, datetime]]:
        for (where, message_id), said in self.said.items():
            if where == place and said.card_id is not None:
                yield message_id, self.predictions.cards[said.card_id], said.at


class FakeVoteStore:
    """A FeedbackStore. `events` are (card id, user, choice, added), as they came."""

    def __init__(self, predictions: FakePredictionStore, messages: FakeMessageStore) -> None:
        self.predictions = predictions
        self.messages = messages
        self.events: list[tuple[int, str, Selection, bool]] = []
        self.seen: set[str] = set()

    async def record(
        self,
        card_id: int,
        user: str,
        choice: Selection,
        *,
        added: bool,
        event_id: str | None = None,
    ) -> None:
        self.predictions.must_have(card_id)
        if event_id not in self.seen:
            self.events.append((card_id, user, choice, added))
        if event_id is not None:
            self.seen.add(event_id)

    async def ballot(self, card_id: int, user: str) -> Ballot:
        if card_id not in self.predictions.cards:
            return Ballot()
        key = self.predictions.key(card_id)
        standing = [
            (on, choice) for on, choice in self._standing(user) if self.predictions.key(on) == key
        ]
        return Ballot(
            frozenset(choice for on, choice in standing if on == card_id),
            standing[-1][1].genre if standing else None,
        )

    async def tally(self, card_id: int) -> Mapping[str, int]:
        return falling(genre for on, genre in self.counting() if on == card_id)

    async def forget(self, user: str) -> int:
        count = len(list(self._standing(user)))
        self.events = [event for event in self.events if event[1] != user]
        self.messages.forget(user)
        return count

    def counting(self) -> Iterator[tuple[int, str]]:
        """Yield the votes that count, one for each person and track: card id and genre."""
        for user in {user for _, user, _, _ in self.events}:
            latest = {self.predictions.key(on): (on, choice) for on, choice in self._standing(user)}
            yield from ((on, choice.genre) for on, choice in latest.values())

    def _standing(self, user: str) -> Iterator[tuple[int, Selection]]:
        """Yield the votes that were not taken back, the latest added last."""
        votes: dict[tuple[int, Selection], bool] = {}
        for card_id, who, choice, added in self.events:
            if who == user:
                votes.pop((card_id, choice), None)
                votes[card_id, choice] = added
        return (vote for vote, added in votes.items() if added)


class FakeEventLog:
    """An EventLog."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    async def first_time(self, event_id: str) -> bool:
        first = event_id not in self.seen
        self.seen.add(event_id)
        return first

    async def known(self, event_id: str) -> bool:
        return event_id in self.seen

    async def forget(self, event_id: str) -> None:
        self.seen.discard(event_id)


class FakeSettingsStore:
    """A SettingsStore."""

    def __init__(self) -> None:
        self.set: dict[Place, SettingsChange | ChannelSettings] = {}

    async def get(self, place: Place) -> ChannelSettings:
        held = ChannelSettings()
        for where in (replace(place, channel=""), place):
            change = asdict(self.set.get(where, SettingsChange()))
            held = replace(held, **{name: v for name, v in change.items() if v is not None})
        return held

    async def put(self, place: Place, change: SettingsChange) -> None:
        before = asdict(self.set.get(place, SettingsChange()))
        given = {name: value for name, value in asdict(change).items() if value is not None}
        self.set[place] = SettingsChange(**(before | given))

    async def clear(self, place: Place) -> None:
        for known in list(self.set):
            if known == place or replace(known, channel="") == place:
                del self.set[known]


class FakeStatsStore:
    """A StatsStore, which counts what the other fakes keep."""

    def __init__(self, predictions: FakePredictionStore, feedback: FakeVoteStore) -> None:
        self.predictions = predictions
        self.feedback = feedback

    async def of(self, place: Place) -> WorkspaceStats:
        workspace = replace(place, channel="")
        cards = {
            card_id: card.answer
            for card_id, card in self.predictions.cards.items()
            if replace(self.predictions.places[card_id], channel="") == workspace
        }
        newest = {answer.track.key: answer for answer in cards.values()}.values()
        pairs = falling(
            (cards[on].prediction.best, genre)
            for on, genre in self.feedback.counting()
            if on in cards
        )
        values = {
            name: [
                answer.features.values[name] for answer in newest if name in answer.features.values
            ]
            for name in NAMES
        }
        return WorkspaceStats(
            answers=len(cards),
            tracks=len(newest),
            votes=sum(pairs.values()),
            agreed=sum(count for (predicted, voted), count in pairs.items() if predicted == voted),
            confused=tuple((*pair, count) for pair, count in pairs.items() if len(set(pair)) > 1)[
                :5
            ],
            genres=falling(answer.prediction.best for answer in newest),
            features={name: fmean(known) for name, known in values.items() if known},
        )


def falling(values: Iterable[Key]) -> dict[Key, int]:
    """Count values, the most frequent first."""
    return dict(sorted(Counter(values).items(), key=lambda item: (-item[1], item[0])))
