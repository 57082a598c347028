"""In-memory stores; the contract tests run against them and the database."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import TypeVar
from uuid import uuid4

from bot.domain.cards import Answer, Card
from bot.domain.channel_settings import ChannelSettings, SettingsChange
from bot.domain.collections import CollectionSummary
from bot.domain.errors import StorageFailed
from bot.domain.filing import Agreement
from bot.domain.marks import EDITING, MAX_MARKS, Mark, reactions_on, refresh_jobs
from bot.domain.places import Place
from bot.domain.ports import DecideChanges
from bot.domain.replies import Summary
from bot.domain.votes import Ballot, Forgotten, Selection, VoteKind, apply_changes
from tests.support.fake_inbox import FakeInbox
from tests.support.fake_messages import FakeMessageStore

Key = TypeVar("Key", str, Agreement, tuple[str, str])


class FakePredictionStore:
    """Implements PredictionStore."""

    def __init__(self) -> None:
        self.cards: dict[int, Card] = {}
        self.places: dict[int, Place] = {}

    async def add(self, answer: Answer, place: Place) -> Card:
        card = Card(len(self.cards) + 1, answer)
        self.cards[card.id] = card
        self.places[card.id] = place
        return card

    async def get(self, card_id: int, place: Place | None = None) -> Card | None:
        is_known = place in (None, self.places.get(card_id))
        return self.cards.get(card_id) if is_known else None

    async def latest(self, track_key: str, place: Place) -> Card | None:
        return next(iter(await self.newest(track_key, place, 1)), None)

    async def newest(self, track_key: str, place: Place, limit: int) -> Sequence[Card]:
        here = [card for card in self.cards.values() if self.places[card.id] == place]
        return [card for card in here[::-1] if card.answer.subject.key == track_key][:limit]

    def require(self, card_id: int) -> None:
        if card_id not in self.cards:
            raise StorageFailed(f"unknown card {card_id}")

    def forget_sound(self, card_id: int | None) -> None:
        card = self.cards.get(card_id or 0)
        if card and card.answer.heard and card.answer.subject.sound_id:
            track = replace(card.answer.subject, title="", artists=())
            heard = card.answer.heard.without_content()
            self.cards[card.id] = Card(card.id, replace(card.answer, subject=track, heard=heard))

    def key(self, card_id: int) -> str:
        return self.cards[card_id].answer.subject.key


class FakeSummaryStore:
    """Implements SummaryStore."""

    def __init__(self) -> None:
        self.summaries: dict[int, Summary] = {}
        self.places: dict[int, Place] = {}

    async def add(self, answer: CollectionSummary, place: Place) -> Summary:
        summary = Summary(len(self.summaries) + 1, answer)
        self.summaries[summary.id] = summary
        self.places[summary.id] = place
        return summary

    async def get(self, summary_id: int, place: Place | None = None) -> Summary | None:
        is_known = place in (None, self.places.get(summary_id))
        return self.summaries.get(summary_id) if is_known else None

    async def get_all(self, summary_ids: Sequence[int], place: Place) -> Mapping[int, Summary]:
        found = [await self.get(summary_id, place) for summary_id in summary_ids]
        return {summary.id: summary for summary in found if summary}


class FakeVoteStore:
    """Implements VoteStore; `ballots` has (user hash, track key) as keys, as has `noticed`.

    `noticed` are the notices of FakeLearnedStore.
    """

    def __init__(
        self,
        predictions: FakePredictionStore,
        messages: FakeMessageStore,
        inbox: FakeInbox | None = None,
    ) -> None:
        self.predictions = predictions
        self.messages = messages
        self.inbox = inbox
        self.ballots: dict[tuple[str, str], Ballot] = {}
        self.seen: set[str] = set()
        self.noticed: set[tuple[str, str]] = set()

    async def change(
        self, card_id: int, user: str, decide: DecideChanges, event_id: str | None = None
    ) -> Ballot:
        ballot = await self.ballot(card_id, user)
        if event_id in self.seen:
            return ballot
        changes = list(decide(ballot))
        for change in changes:
            self.predictions.require(change.selection.card_id)
        if event_id is not None:
            self.seen.add(event_id)
        changed = apply_changes(ballot, changes)
        if changes:
            key = user, self.predictions.key(card_id)
            self.ballots.pop(key, None)  # the newest is last
            self.ballots[key] = changed
        return changed

    async def ballot(self, card_id: int, user: str) -> Ballot:
        if card_id not in self.predictions.cards:
            return Ballot()
        return self.ballots.get((user, self.predictions.key(card_id)), Ballot())

    async def ballots_of(self, track_keys: Sequence[str], user: str) -> Mapping[str, Ballot]:
        own = ((key, self.ballots.get((user, key))) for key in track_keys)
        return {key: ballot for key, ballot in own if ballot and ballot.selections}

    async def tally(self, card_id: int) -> Mapping[str, int]:
        return count_descending(vote.genre for vote in self.counting() if vote.card_id == card_id)

    async def tally_of(self, track_key: str, place: Place) -> Mapping[str, int]:
        ours = self.predictions.places
        return count_descending(
            vote.genre
            for vote in self.counting()
            if ours[vote.card_id] == place and self.predictions.key(vote.card_id) == track_key
        )

    async def tallies_of(
        self, track_keys: Sequence[str], place: Place
    ) -> Mapping[str, Mapping[str, int]]:
        counted = {key: await self.tally_of(key, place) for key in track_keys}
        return {key: tally for key, tally in counted.items() if tally}

    async def forget(self, user: str, account: str = "") -> Forgotten:
        mine = [key for key in self.ballots if key[0] == user]
        selections = [one for key in mine for one in self.ballots.pop(key).selections]
        reactions = reactions_on(selections)
        voted = {one.card_id for one in selections}
        marks = [
            (place, Mark(message_id, stored.card_id, reactions.get(stored.card_id, ())))
            for (place, message_id), stored in reversed(self.messages.stored.items())
            if place.platform in EDITING and stored.card_id in voted
        ][:MAX_MARKS]
        self.messages.forget(user)
        self.noticed = {key for key in self.noticed if key[0] != user}
        if self.inbox:
            self.inbox.leave(refresh_jobs(uuid4().hex, user, account, marks))
        standing = sum(one.kind is not VoteKind.CHOICE for one in selections)
        return Forgotten(len(selections), standing, len(marks))

    def counted(self) -> list[tuple[int, str]]:
        """Return card id and genre of each vote that counts."""
        return [(vote.card_id, vote.genre) for vote in self.counting()]

    def counting(self) -> Iterator[Selection]:
        """Yield the selections that count, one for each person and track."""
        for ballot in self.ballots.values():
            yield from ballot.selections[-1:]


class FakeEventLog:
    """Implements EventLog."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    async def first_time(self, event_id: str) -> bool:
        first = event_id not in self.seen
        self.seen.add(event_id)
        return first

    async def known(self, event_id: str) -> bool:
        return event_id in self.seen


class FakeSettingsStore:
    """Implements SettingsStore."""

    def __init__(self) -> None:
        self.set: dict[Place, SettingsChange | ChannelSettings] = {}

    async def get(self, place: Place) -> ChannelSettings:
        settings = ChannelSettings()
        for where in (replace(place, channel=""), place):
            change = asdict(self.set.get(where, SettingsChange()))
            settings = replace(settings, **{name: v for name, v in change.items() if v is not None})
        return settings

    async def put(self, place: Place, change: SettingsChange) -> None:
        before = asdict(self.set.get(place, SettingsChange()))
        given = {name: value for name, value in asdict(change).items() if value is not None}
        self.set[place] = SettingsChange(**(before | given))

    async def clear(self, place: Place) -> None:
        for known in list(self.set):
            if known == place or replace(known, channel="") == place:
                del self.set[known]


def count_descending(values: Iterable[Key]) -> dict[Key, int]:
    """Count values, most frequent first."""
    return dict(sorted(Counter(values).items(), key=lambda item: (-item[1], item[0])))


class FakeRetentionStore:
    """Implements RetentionStore; `pruned` are the arguments of the calls."""

    def __init__(self) -> None:
        self.pruned: list[datetime] = []
        self.votes_pruned: list[datetime] = []
        self.events_pruned: list[datetime] = []
        self.error: StorageFailed | None = None

    async def prune(self, before: datetime) -> int:
        if self.error:
            raise self.error
        self.pruned.append(before)
        return 3

    async def prune_votes(self, before: datetime) -> int:
        self.votes_pruned.append(before)
        return 2

    async def prune_events(self, now: datetime) -> int:
        self.events_pruned.append(now)
        return 0
