"""Retention in databases: what is deleted, and what votes and labels keep."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, NamedTuple, cast
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Row, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.cards import Card, ModelRef
from bot.domain.tracks import Track
from bot.domain.votes import Ballot
from bot.storage import retention
from bot.storage.database import Database
from bot.storage.engine import open_database
from bot.storage.learned import SqlLearnedStore
from bot.storage.learning_tables import learned_notices, shadow_answers
from bot.storage.retention import SqlRetention
from bot.storage.seen_events import SqlEventLog
from bot.storage.tables import feedback, feedback_labels, messages, predictions
from tests.contract.all_stores import Stores, sql_stores
from tests.support.factories import sound_answer
from tests.support.fake_collections import summary
from tests.support.store_values import ALICE, BOB, FOLK, JAZZ, OTHER_TRACK, PLACE, TRACK

DAY = timedelta(days=1)
CAROL = "c" * 32


class Opened(NamedTuple):
    """Stores, the database under them, and its retention."""

    stores: Stores
    database: Database
    retention: SqlRetention

    async def labels(self) -> Sequence[Row[Any]]:
        """Return the rows that training reads."""
        columns = feedback_labels.c
        statement = select(feedback_labels).order_by(columns.track, columns.genre)
        async with self.database.read() as connection:
            return (await connection.execute(statement)).all()

    async def count_rows(self, table: Table) -> int:
        async with self.database.read() as connection:
            return len((await connection.execute(select(table))).all())


class InterruptedDatabase:
    """Calls `another_writes` after each transaction of the tested store, before its next one."""

    def __init__(self, database: Database, another_writes: Callable[[], Awaitable[None]]) -> None:
        self.read = database.read
        self._database = database
        self._another_writes = another_writes

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        async with self._database.write() as connection:
            yield connection
        await self._another_writes()


@pytest.fixture
async def opened(empty_database: str) -> AsyncIterator[Opened]:
    async with open_database(empty_database) as database:
        yield Opened(sql_stores(database), database, SqlRetention(database))


async def test_old_messages_and_the_answers_they_display_are_deleted(opened: Opened) -> None:
    stores = opened.stores
    await stores.add_message("old", await stores.add_card())
    stores.now.time += DAY
    young = await stores.add_card()
    await stores.add_message("young", young)
    assert await opened.retention.prune(stores.now.time - DAY / 2) == 2
    assert await stores.messages.recent(PLACE, 9) == [("young", young)]
    assert await opened.count_rows(predictions) == 1
    assert await opened.retention.prune(stores.now.time - DAY / 2) == 0


async def test_old_answer_is_kept_while_a_young_message_displays_it(opened: Opened) -> None:
    stores = opened.stores
    card = await stores.add_card()
    stores.now.time += DAY
    await stores.add_message("m1", card)
    assert await opened.retention.prune(stores.now.time - DAY / 2) == 0
    assert await stores.messages.find(PLACE, "m1") == card


async def test_old_summaries_are_deleted(opened: Opened) -> None:
    stores = opened.stores
    old = await stores.summaries.add(summary(), PLACE)
    stores.now.time += DAY
    young = await stores.summaries.add(summary(), PLACE)
    assert await opened.retention.prune(stores.now.time - DAY / 2) == 1
    assert await stores.summaries.get(old.id) is None
    assert await stores.summaries.get(young.id) == young


async def test_votes_keep_their_answer_and_the_newest_about_its_track(opened: Opened) -> None:
    stores = opened.stores
    cards = [await stores.add_card(energy=energy) for energy in (0.1, 0.2, 0.3)]
    await stores.add_card(OTHER_TRACK)
    await stores.vote(cards[0], JAZZ)
    labels = await opened.labels()
    assert await opened.retention.prune(stores.now.time + DAY) == 2
    kept = [await stores.predictions.get(card.id) for card in cards]
    assert kept == [cards[0], None, cards[2]]
    assert await opened.labels() == labels
    assert await stores.votes.tally(cards[0].id) == {"jazz": 1}


async def test_votes_keep_the_newest_answer_with_features(opened: Opened) -> None:
    stores = opened.stores
    old, features = [await stores.add_card(energy=energy) for energy in (0.1, 0.2)]
    heard = [await stores.predictions.add(sound_answer(TRACK), PLACE) for _ in range(2)]
    await stores.vote(heard[1], JAZZ)
    labels = await opened.labels()
    assert labels[0].energy == pytest.approx(0.2)
    assert await opened.retention.prune(stores.now.time + DAY) == 2
    kept = [await stores.predictions.get(card.id) for card in (old, features, *heard)]
    assert kept == [None, features, None, heard[1]]
    assert await opened.labels() == labels


async def test_superseded_changes_of_a_vote_are_deleted(opened: Opened) -> None:
    stores = opened.stores
    card = await stores.add_card()
    for added in (True, False, True, False, False):
        await stores.vote(card, JAZZ, added=added)
    await stores.vote(card, FOLK)
    await stores.vote(card, JAZZ, BOB)
    labels = await opened.labels()
    ballot = await stores.votes.ballot(card.id, ALICE)
    assert await opened.retention.prune(stores.now.time + DAY) == 2
    assert await opened.count_rows(feedback) == 5
    assert await opened.labels() == labels
    assert await stores.votes.ballot(card.id, ALICE) == ballot


async def test_what_a_candidate_would_have_answered_is_deleted_with_the_answer(
    opened: Opened,
) -> None:
    stores = opened.stores
    old = await stores.add_card()
    stores.now.time += DAY
    kept = await stores.add_card(OTHER_TRACK)
    for card in (old, kept):  # the candidate was slow
        await stores.shadow_answers.add(card.id, ModelRef("wide", "3"), {"jazz": 1.0})
    assert await opened.retention.prune(stores.now.time - DAY / 2) == 1
    assert await stores.predictions.get(old.id) is None
    assert await opened.count_rows(shadow_answers) == 1


async def test_what_a_candidate_would_have_answered_does_not_outlive_the_others(
    opened: Opened,
) -> None:
    stores = opened.stores
    card = await stores.add_card()
    await stores.shadow_answers.add(card.id, ModelRef("wide", "3"), {"jazz": 1.0})
    await stores.add_message("young", card)
    stores.now.time += DAY
    await stores.add_message("younger", card)
    assert await opened.retention.prune(stores.now.time - DAY / 2) == 1
    assert await stores.predictions.get(card.id) == card
    assert await opened.count_rows(shadow_answers) == 0


async def test_rows_are_deleted_in_batches_between_which_others_write(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 10)
    stores = opened.stores
    card = await stores.add_card()
    for number in range(35):
        await stores.add_message(f"m{number}", card)
    left: list[int] = []

    async def another_writes() -> None:
        assert await stores.events.first_time(uuid4().hex)
        left.append(await opened.count_rows(messages))

    database = cast("Database", InterruptedDatabase(opened.database, another_writes))
    assert await SqlRetention(database).prune(stores.now.time + DAY) == 36
    assert left == [25, 15, 5, 0, 0]


async def test_event_ids_expire_after_thirty_days(opened: Opened) -> None:
    stores = opened.stores
    events = SqlEventLog(opened.database, stores.now)
    assert await events.first_time("old")
    stores.now.time += 2 * DAY
    assert await events.first_time("young")
    stores.now.time += 29 * DAY
    assert await opened.retention.prune_events(stores.now.time) == 1
    assert await events.first_time("old")
    assert not await events.first_time("young")


async def test_old_votes_are_deleted_and_their_cards_keep_working(opened: Opened) -> None:
    stores = opened.stores
    card = await stores.add_card()
    await stores.add_message("m1", card)
    await stores.vote(card, JAZZ)
    await stores.vote(card, FOLK, CAROL)
    await stores.vote(card, FOLK, CAROL, added=False)
    stores.now.time += DAY
    await stores.vote(card, FOLK, BOB)
    assert await opened.retention.prune_votes(stores.now.time - DAY / 2) == 3
    assert await stores.votes.tally(card.id) == {"folk": 1}
    assert await stores.votes.ballot(card.id, ALICE) == Ballot()
    assert [(row.genre, row.voters) for row in await opened.labels()] == [("folk", 1)]
    assert await stores.messages.find(PLACE, "m1") == card
    await stores.vote(card, JAZZ)
    assert await stores.votes.tally(card.id) == {"folk": 1, "jazz": 1}
    assert await opened.retention.prune_votes(stores.now.time - DAY / 2) == 0


async def test_old_notices_go_with_the_votes(opened: Opened) -> None:
    stores, learned = opened.stores, SqlLearnedStore(opened.database, opened.stores.now)
    card = await stores.add_card()
    await stores.vote(card, JAZZ, ALICE)
    assert await learned.note(ALICE, TRACK.key)
    before = stores.now.time + DAY / 2
    stores.now.time += DAY
    await stores.vote(card, JAZZ, BOB)
    assert await learned.note(BOB, TRACK.key)
    await opened.retention.prune_votes(before)
    async with opened.database.read() as connection:
        noted = (await connection.scalars(select(learned_notices.c.user_hash))).all()
    assert noted == [BOB]


async def test_withdrawal_stays_if_a_clock_that_was_set_made_it_older_than_its_vote(
    opened: Opened,
) -> None:
    stores = opened.stores
    card = await stores.add_card()
    await stores.vote(card, JAZZ)
    voted = stores.now.time
    stores.now.time -= DAY
    await stores.vote(card, JAZZ, added=False)
    await opened.retention.prune_votes(voted)
    assert await stores.votes.tally(card.id) == {}


STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["card", "sound"]), st.integers(0, 1), st.just(0), st.just("x")),
        st.tuples(st.just("message"), st.integers(0, 9), st.just(0), st.just("x")),
        st.tuples(
            st.sampled_from(["add", "withdraw"]),
            st.integers(0, 9),
            st.integers(0, 1),
            st.sampled_from(["jazz", "folk"]),
        ),
    ),
    max_size=30,
)
"""Kind of step, track or card, person, genre."""


@settings(
    max_examples=30,
    deadline=None,
    # The examples share a database: each adds its own tracks and looks at no others.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS, part=st.floats(0, 1))
async def test_labels_and_ballots_are_the_same_after_pruning(
    opened: Opened,
    steps: list[tuple[str, int, int, str]],
    part: float,
) -> None:
    stores = opened.stores
    example = uuid4().hex
    started = stores.now.time
    cards: list[Card] = []
    for number, (kind, index, person, genre) in enumerate(steps):
        track = Track(f"{example}{index % 2}")
        if kind == "sound":
            cards.append(await stores.predictions.add(sound_answer(track), PLACE))
            continue
        if kind == "card" or not cards:
            cards.append(await stores.add_card(track, energy=number / 100))
            continue
        card = cards[index % len(cards)]
        if kind == "message":
            await stores.add_message(f"{example}{number}", card)
        else:
            user = (ALICE, BOB)[person]
            await stores.vote(card, (JAZZ[0], genre), user, added=kind == "add")
    before = started + (stores.now.time - started) * part
    labels, ballots = await _labels(opened, example), await _ballots(opened, cards)
    await opened.retention.prune(before)
    assert await _labels(opened, example) == labels
    kept = await _ballots(opened, cards)
    assert kept == {key: ballot for key, ballot in ballots.items() if key in kept}
    assert {vote.card_id for ballot in ballots.values() for vote in ballot.selections} <= {
        card_id for card_id, _ in kept
    }
    assert await opened.retention.prune(before) == 0


async def _labels(opened: Opened, example: str) -> list[Row[Any]]:
    return [row for row in await opened.labels() if row.track.startswith(example)]


async def _ballots(opened: Opened, cards: Sequence[Card]) -> dict[tuple[int, str], Ballot]:
    """Return the ballots of the cards that are stored, by card and user."""
    return {
        (card.id, user): await opened.stores.votes.ballot(card.id, user)
        for card in cards
        for user in (ALICE, BOB)
        if await opened.stores.predictions.get(card.id)
    }
