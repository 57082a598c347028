"""Contract of TrainingStore, for databases and the fake; the counts, for databases."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta, timezone

import pytest

from bot.domain.places import PAGE, PUBLIC, Place
from bot.domain.tracks import Track
from bot.domain.trainings import Cause, TrainingResult, TrainingState
from bot.storage.engine import open_database
from bot.storage.training_runs import SqlTrainingStore
from model.schema import CORE, MINIMUM_CORE
from tests.contract.all_stores import Stores, sql_stores
from tests.support.factories import VALUES
from tests.support.store_values import ALICE, BOB, FOLK, JAZZ, OTHER_TRACK, PLACE, RIGHT, TRACK

MODEL = "wide"
CAROL = "c" * 32
STOPPED = TrainingResult(TrainingState.FAILED, None, ("the process was stopped",))
UNCHANGED = TrainingResult(TrainingState.UNCHANGED, "3f2a9c", ("too few corrections",))
BUSY = TrainingResult(TrainingState.BUSY)
PROMOTED = TrainingResult(TrainingState.ACTIVE, "3f2a9c", ("better on corrections",))
HOUR = timedelta(hours=1)
VISITOR_PLACE = Place(PAGE, PUBLIC, "chat")


async def train(stores: Stores, result: TrainingResult, cause: Cause = Cause.CORRECTIONS) -> int:
    run = await stores.trainings.start(MODEL, cause)
    await stores.trainings.finish(run.id, result, announced=False)
    return run.id


async def test_trainings_are_returned_with_their_results_newest_first(stores: Stores) -> None:
    trainings = stores.trainings
    assert list(await trainings.recent(MODEL, 5)) == []
    first = await trainings.start(MODEL, Cause.TIME)
    assert (first.result, first.finished_at, first.failed) == (None, None, False)
    other = await trainings.start("study", Cause.REQUEST)
    second = await trainings.start(MODEL, Cause.CORRECTIONS)
    await trainings.finish(first.id, PROMOTED, announced=True)
    running, finished = await trainings.recent(MODEL, 5)
    assert running == second
    assert (finished.id, finished.cause, finished.result) == (first.id, Cause.TIME, PROMOTED)
    assert finished.finished_at
    assert finished.finished_at > finished.started_at == first.started_at
    assert list(await trainings.recent(MODEL, 1)) == [running]
    assert list(await trainings.recent("study", 5)) == [other]


async def test_result_of_a_training_is_stored_once(stores: Stores) -> None:
    trainings = stores.trainings
    run = await trainings.start(MODEL, Cause.TIME)
    await trainings.finish(run.id, PROMOTED, announced=True)
    await trainings.finish(run.id, STOPPED, announced=True)
    (finished,) = await trainings.recent(MODEL, 1)
    assert finished.result == PROMOTED


async def test_trainings_of_processes_that_ended_are_finished(stores: Stores) -> None:
    trainings = stores.trainings
    done = await train(stores, PROMOTED)
    await trainings.start(MODEL, Cause.TIME)
    await trainings.start("study", Cause.TIME)
    assert await trainings.abandon(STOPPED, announced=True) == 2
    assert await trainings.abandon(STOPPED, announced=True) == 0
    stopped, finished = await trainings.recent(MODEL, 5)
    assert stopped.failed
    assert stopped.result == STOPPED
    assert stopped.finished_at
    assert (finished.id, finished.result) == (done, PROMOTED)


async def test_last_training_by_time_is_one_that_did_not_fail(stores: Stores) -> None:
    assert await stores.trainings.last_timed(MODEL) is None
    await train(stores, PROMOTED, Cause.TIME)
    (timed,) = await stores.trainings.recent(MODEL, 1)
    await train(stores, STOPPED, Cause.TIME)
    await train(stores, PROMOTED, Cause.CORRECTIONS)
    await stores.trainings.start(MODEL, Cause.TIME)
    assert await stores.trainings.last_timed(MODEL) == timed.started_at
    assert await stores.trainings.last_timed("study") is None


async def test_time_of_the_first_watch_is_kept_and_is_no_training(stores: Stores) -> None:
    first = await stores.trainings.watched_since(MODEL)
    stores.now.time += HOUR
    assert await stores.trainings.watched_since(MODEL) == first
    assert await stores.trainings.watched_since("study") > first + HOUR
    assert list(await stores.trainings.recent(MODEL, 5)) == []
    assert await stores.trainings.last_timed(MODEL) is None
    assert list(await stores.trainings.unannounced(first - HOUR, 5)) == []


async def test_training_that_was_started_by_a_wrong_clock_is_not_counted(stores: Stores) -> None:
    right = stores.now.time
    stores.now.time += timedelta(days=1000)
    await train(stores, PROMOTED, Cause.TIME)
    stores.now.time = right
    assert list(await stores.trainings.recent(MODEL, 5)) == []
    assert await stores.trainings.last_timed(MODEL) is None


async def test_each_training_is_announced_once(stores: Stores) -> None:
    trainings, start = stores.trainings, stores.now.time
    first, second = await train(stores, PROMOTED), await train(stores, STOPPED)
    quiet = await trainings.start(MODEL, Cause.TIME)
    await trainings.finish(quiet.id, PROMOTED, announced=True)
    await trainings.start(MODEL, Cause.TIME)
    waiting = await trainings.unannounced(start, 5)
    assert [(run.id, run.result) for run in waiting] == [(first, PROMOTED), (second, STOPPED)]
    assert [run.id for run in await trainings.unannounced(start, 1)] == [first]
    assert list(await trainings.unannounced(stores.now.time + HOUR, 5)) == [], "too old"
    marked = await asyncio.gather(*(trainings.mark_announced(first) for _ in range(4)))
    assert sum(marked) == 1
    assert [run.id for run in await trainings.unannounced(start, 5)] == [second]


@pytest.fixture
async def databases(empty_database: str) -> AsyncIterator[tuple[Stores, SqlTrainingStore]]:
    """Open the stores, and the trainings of a bot that learns from a public page."""
    async with open_database(empty_database) as database:
        stores = sql_stores(database)
        yield stores, SqlTrainingStore(database, stores.now, learns_from_public=True)


async def test_corrections_are_votes_for_another_genre_after_a_moment(
    databases: tuple[Stores, SqlTrainingStore],
) -> None:
    stores, _ = databases
    trainings = stores.trainings
    assert await trainings.corrections_since(None) == 0
    card, other = await stores.add_card(), await stores.add_card(OTHER_TRACK)
    before = stores.now.time
    await stores.vote(card, JAZZ)
    await stores.vote(card, RIGHT, BOB)
    assert await trainings.corrections_since(None) == 1
    await stores.vote(card, FOLK)
    assert await trainings.corrections_since(before) == 1, "a person's newest vote counts"
    newest = stores.now.time
    assert await trainings.corrections_since(newest) == 0
    await train(stores, PROMOTED)
    assert await trainings.corrections_since(before) == 1, "trainings do not matter"
    await stores.vote(other, JAZZ, BOB)
    zone = timezone(HOUR)
    assert await trainings.corrections_since(newest.astimezone(zone)) == 1, "in any time zone"
    assert await trainings.corrections_since(None) == 2
    await stores.vote(other, JAZZ, BOB, added=False)
    assert await trainings.corrections_since(newest) == 0


async def test_agreed_corrections_are_tracks_on_which_a_majority_of_two_agrees(
    databases: tuple[Stores, SqlTrainingStore],
) -> None:
    stores, _ = databases
    trainings = stores.trainings
    card, other = await stores.add_card(), await stores.add_card(OTHER_TRACK)
    await stores.vote(card, JAZZ)
    assert await trainings.agreed_since_last(MODEL) == 0, "one person"
    await stores.vote(card, JAZZ, BOB)
    assert await trainings.agreed_since_last(MODEL) == 1
    for user in (CAROL, "d" * 32):
        await stores.vote(card, FOLK, user)
    assert await trainings.agreed_since_last(MODEL) == 0, "no majority"
    for user in (ALICE, BOB):
        await stores.vote(other, RIGHT, user)
    assert await trainings.agreed_since_last(MODEL) == 0, "no correction"
    await stores.vote(card, FOLK, BOB)
    assert await trainings.agreed_since_last(MODEL) == 1
    for result in (STOPPED, BUSY, UNCHANGED):
        await train(stores, result)
        assert await trainings.agreed_since_last(MODEL) == 1, "none trained"
    await train(stores, PROMOTED)
    assert await trainings.agreed_since_last(MODEL) == 0
    await stores.vote(card, FOLK)
    assert await trainings.agreed_since_last(MODEL) == 1, "one more agrees"


async def test_agreed_corrections_are_on_songs_that_can_be_trained_on(
    databases: tuple[Stores, SqlTrainingStore],
) -> None:
    stores, _ = databases
    few = {name: VALUES[name] for name in CORE[: MINIMUM_CORE - 1]}
    for track, values in (
        (Track(sound_id="1" * 32), VALUES),
        (TRACK, few | {"key": 3.0, "mode": 1.0}),
        (OTHER_TRACK, VALUES),
    ):
        card = await stores.add_card(track, "country", PLACE, **values)
        for user in (ALICE, BOB):
            await stores.vote(card, JAZZ, user)
    assert await stores.trainings.agreed_since_last(MODEL) == 1


async def test_votes_after_a_training_that_did_not_fail_are_new(
    databases: tuple[Stores, SqlTrainingStore],
) -> None:
    stores, _ = databases
    trainings = stores.trainings
    assert not await trainings.voted_since_last(MODEL)
    card = await stores.add_card()
    await stores.vote(card, JAZZ)
    assert await trainings.voted_since_last(MODEL)
    await train(stores, STOPPED)
    assert await trainings.voted_since_last(MODEL)
    await train(stores, UNCHANGED)
    assert not await trainings.voted_since_last(MODEL)
    await stores.vote(card, JAZZ, added=False)
    assert await trainings.voted_since_last(MODEL)


async def test_number_of_the_newest_vote_grows(
    databases: tuple[Stores, SqlTrainingStore],
) -> None:
    stores, _ = databases
    assert await stores.trainings.newest_vote() == 0
    card = await stores.add_card()
    await stores.vote(card, JAZZ)
    first = await stores.trainings.newest_vote()
    await stores.vote(card, JAZZ, added=False)
    assert await stores.trainings.newest_vote() > first > 0


async def test_votes_on_cards_of_one_track_agree(
    databases: tuple[Stores, SqlTrainingStore],
) -> None:
    stores, _ = databases
    await stores.vote(await stores.add_card(), JAZZ)
    await stores.vote(await stores.add_card(genre="jazz"), JAZZ, BOB)
    assert await stores.trainings.agreed_since_last(MODEL) == 1
    assert await stores.trainings.corrections_since(None) == 1


async def test_votes_on_a_public_page_count_only_if_it_is_learned_from(
    databases: tuple[Stores, SqlTrainingStore],
) -> None:
    stores, from_public = databases
    card = await stores.add_card(place=VISITOR_PLACE)
    for user in (ALICE, BOB):
        await stores.vote(card, JAZZ, user)
    for trainings, tracks, votes in ((stores.trainings, 0, 0), (from_public, 1, 2)):
        assert await trainings.agreed_since_last(MODEL) == tracks
        assert await trainings.corrections_since(None) == votes
