"""Contract of Inbox, for databases and the fake."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.jobs import LASTING, MAX_ATTEMPTS, Job, JobKind, PlannedReply
from bot.domain.places import Place
from tests.contract.all_stores import Stores
from tests.contract.inbox_jobs import LEASE, MINE, MUSIC, NO_TIME, OTHER, add, claim, ids, job

PLAN = [
    PlannedReply(7),
    PlannedReply(7, "message"),
    PlannedReply(notice=("hint", "Send a link.")),
]


async def test_id_of_a_finished_job_is_not_given_to_another(stores: Stores) -> None:
    (first,) = await add(stores.inbox, job("1"))
    await stores.inbox.finish([first.id])
    (second,) = await add(stores.inbox, job("2"))
    assert second.id > first.id


async def test_job_is_returned_as_it_was_stored(stores: Stores) -> None:
    jobs = [job("1", order="card/ann"), job("2", kind=JobKind.REACTION)]
    added = await add(stores.inbox, *jobs)
    assert [stored.job for stored in added] == jobs
    assert [stored.attempts for stored in added] == [1, 1]
    claimed = await stores.inbox.claim("discord", MINE, LEASE, 10)
    assert [stored.job for stored in claimed] == jobs
    assert [stored.id for stored in claimed] == [stored.id for stored in added]
    assert [stored.accepted_at for stored in claimed] == [stored.accepted_at for stored in added]
    assert {(stored.attempts, stored.plan, stored.released) for stored in claimed} == {
        (2, None, False)
    }


async def test_each_delivery_is_stored_once(stores: Stores) -> None:
    other_place = job("1", Place("discord", "w", "other"))
    first = await stores.inbox.add([job("1"), job("1"), other_place], MINE, LEASE)
    assert ids(first) == ["1", None, "1"]
    assert ids(await stores.inbox.add([job("2"), job("1")], OTHER, LEASE)) == ["2", None]
    stored = [one for one in first if one]
    await stores.inbox.finish([one.id for one in stored])
    assert ids(await stores.inbox.add([job("1")], MINE, LEASE)) == [None]
    assert await stores.inbox.add([], MINE, LEASE) == []


async def test_delivery_in_the_event_log_is_not_stored(stores: Stores) -> None:
    await stores.events.first_time(job("1").key)
    assert ids(await stores.inbox.add([job("1"), job("2")], MINE, LEASE)) == [None, "2"]
    assert await stores.events.known(job("2").key)


async def test_many_jobs_are_stored_at_once_in_their_order(stores: Stores) -> None:
    names = [f"{number * 7919 % 1009}" for number in range(1009)]
    added = await add(stores.inbox, *map(job, names))
    assert ids(added) == names
    assert [stored.id for stored in added] == sorted(stored.id for stored in added)
    assert await claim(stores.inbox, limit=2000) == names


async def test_job_is_free_when_its_lease_has_passed(stores: Stores) -> None:
    await add(stores.inbox, job("1"), lease=LEASE)
    assert await claim(stores.inbox, OTHER) == []
    stores.now.time += LEASE
    assert await claim(stores.inbox, OTHER) == ["1"]
    assert await claim(stores.inbox, MINE) == []


async def test_lease_is_extended_for_the_named_jobs_of_their_owner(stores: Stores) -> None:
    inbox = stores.inbox
    kept, left, others = await add(inbox, job("1"), job("2"), job("3"), lease=LEASE)
    stores.now.time += LEASE
    await inbox.claim("discord", OTHER, LEASE, 0)
    await inbox.disown(MINE, [others.id])
    assert ids(await inbox.claim("discord", OTHER, NO_TIME, 1)) == ["1"]
    await inbox.renew(OTHER, [kept.id, left.id], LEASE)
    await inbox.renew(MINE, [others.id], LEASE)
    await inbox.renew(MINE, [], LEASE)
    assert await claim(inbox, MINE) == ["2", "3"]


async def test_oldest_jobs_of_each_workspace_are_taken_in_turn(stores: Stores) -> None:
    busy, quiet = Place("discord", "busy", "c"), Place("discord", "quiet", "c")
    await add(stores.inbox, *(job(f"b{number}", busy) for number in range(5)))
    await add(stores.inbox, *(job(f"q{number}", quiet) for number in range(2)))
    assert await claim(stores.inbox, limit=3) == ["b0", "q0", "b1"]
    assert await claim(stores.inbox, limit=3) == ["b2", "q1", "b3"]
    assert await claim(stores.inbox, limit=3) == ["b4"]


async def test_jobs_of_another_platform_are_not_taken(stores: Stores) -> None:
    await add(stores.inbox, job("1", Place("slack", "w", "c")))
    assert await claim(stores.inbox) == []
    assert await claim(stores.inbox, platform="slack") == ["1"]


@pytest.mark.parametrize(("counted", "attempts"), [(False, 1), (True, 2)])
async def test_disowned_job_is_free_and_the_attempt_counts_or_not(
    stores: Stores, *, counted: bool, attempts: int
) -> None:
    first, second = await add(stores.inbox, job("1"), job("2"), lease=LEASE)
    assert await stores.inbox.disown(OTHER, [first.id], counted=counted) == 0
    assert await stores.inbox.disown(MINE, [first.id], counted=counted) == 1
    (taken,) = await stores.inbox.claim("discord", OTHER, LEASE, 10)
    assert (taken.id, taken.attempts) == (first.id, attempts)
    assert await stores.inbox.disown(MINE, counted=counted) == 1
    assert await claim(stores.inbox, OTHER) == [second.job.id]


async def test_plan_is_returned_to_the_next_owner(stores: Stores) -> None:
    first, second = await add(stores.inbox, job("1"), job("2"))
    assert await stores.inbox.plan(first, PLAN)
    assert await stores.inbox.plan(second, [])
    assert not await stores.inbox.plan(replace(first, id=first.id + second.id + 100), PLAN)
    plans = [stored.plan for stored in await stores.inbox.claim("discord", OTHER, LEASE, 10)]
    assert plans == [PLAN, []]


async def test_lost_job_is_neither_renewed_nor_planned(stores: Stores) -> None:
    lost, kept = await add(stores.inbox, job("1"), job("2"), lease=LEASE)
    stores.now.time += LEASE
    await stores.inbox.renew(MINE, [kept.id], LEASE)
    stores.now.time += timedelta(seconds=1)
    assert [stored.job.id for stored in await stores.inbox.claim("discord", OTHER, LEASE, 1)] == [
        "1"
    ]
    assert list(await stores.inbox.renew(MINE, [lost.id, kept.id], LEASE)) == [kept.id]
    assert not await stores.inbox.plan(lost, PLAN)
    assert await stores.inbox.plan(kept, PLAN)


async def test_places_with_parked_jobs_are_found(stores: Stores) -> None:
    elsewhere = Place("slack", "w", "elsewhere")
    for stored in await add(stores.inbox, job("1"), job("2"), job("3", elsewhere)):
        await stores.inbox.park(stored.id)
    assert await stores.inbox.parked_places("discord") == [MUSIC]
    assert await stores.inbox.parked_places("slack") == [elsewhere]


async def test_first_of_equal_deliveries_in_one_batch_is_stored(stores: Stores) -> None:
    first, second = (Job(MUSIC, "1", JobKind.MESSAGE, {"n": n}) for n in (1, 2))
    added = await stores.inbox.add([first, second], MINE, NO_TIME)
    assert [stored and stored.job for stored in added] == [first, None]
    (taken,) = await stores.inbox.claim("discord", OTHER, LEASE, 10)
    assert taken.job.payload == {"n": 1}


async def test_finished_jobs_are_deleted(stores: Stores) -> None:
    added = await add(stores.inbox, *(job(str(number)) for number in range(3)))
    for _ in range(2):
        await stores.inbox.finish([added[0].id, added[2].id])
    await stores.inbox.finish([])
    assert await claim(stores.inbox) == ["1"]


async def test_parked_job_waits_until_its_place_is_released(stores: Stores) -> None:
    inbox, elsewhere = stores.inbox, Place("discord", "w", "elsewhere")
    here, there = await add(inbox, job("1"), job("2", elsewhere), lease=LEASE)
    for stored in (here, there):
        await inbox.park(stored.id)
    await inbox.park(here.id + there.id + 100)
    stores.now.time += LEASE
    assert await claim(inbox) == []
    assert [await inbox.parked(place) for place in (MUSIC, elsewhere)] == [1, 1]
    assert await inbox.release(MUSIC) == 1
    assert await inbox.release(MUSIC) == 0
    assert [await inbox.parked(place) for place in (MUSIC, elsewhere)] == [0, 1]
    (taken,) = await inbox.claim("discord", OTHER, LEASE, 10)
    assert (taken.job.id, taken.released) == ("1", True)


async def test_place_with_a_plan_is_sending_until_the_job_is_finished(stores: Stores) -> None:
    (stored,) = await add(stores.inbox, job("1"))
    assert not await stores.inbox.is_sending(MUSIC)
    await stores.inbox.plan(stored, PLAN)
    assert await stores.inbox.is_sending(MUSIC)
    assert not await stores.inbox.is_sending(Place("discord", "w", "elsewhere"))
    await stores.inbox.finish([stored.id])
    assert not await stores.inbox.is_sending(MUSIC)


async def test_old_messages_and_commands_expire_and_other_kinds_stay(stores: Stores) -> None:
    await add(stores.inbox, *(job(kind, kind=kind) for kind in JobKind))
    between = stores.now()
    await add(stores.inbox, job("young"))
    assert await stores.inbox.expire("slack", between) == 0
    assert await stores.inbox.expire("discord", between) == len(set(JobKind) - LASTING)
    assert await stores.inbox.expire("discord", between) == 0
    expected = sorted([*LASTING, "young"])
    assert sorted(map(str, await claim(stores.inbox))) == expected


async def test_backlog_counts_what_is_neither_finished_nor_parked(stores: Stores) -> None:
    assert await stores.inbox.backlog() == 0
    parked, finished, *_ = await add(
        stores.inbox, *map(job, "123"), job("4", Place("slack", "w", "c")), lease=LEASE
    )
    await stores.inbox.park(parked.id)
    await stores.inbox.finish([finished.id])
    assert await stores.inbox.backlog() == 2


async def test_job_is_given_up_after_too_many_attempts_with_a_log_line(
    stores: Stores, caplog: pytest.LogCaptureFixture
) -> None:
    await add(stores.inbox, job("1"), job("2"))
    (one, two) = await stores.inbox.claim("discord", MINE, NO_TIME, 10)
    for _ in range(MAX_ATTEMPTS - 2):
        assert await claim_once(stores) == ["1", "2"]
    await stores.inbox.disown(MINE, [two.id])
    assert await claim_once(stores) == ["2"]
    assert one.job.id not in map(str, await claim_once(stores))
    assert await stores.inbox.backlog() == 0
    assert f"message 1: given up after {MAX_ATTEMPTS} attempts" in caplog.text


async def test_vote_is_kept_when_a_message_would_be_given_up(stores: Stores) -> None:
    await add(stores.inbox, job("1", kind=JobKind.REACTION))
    for _ in range(MAX_ATTEMPTS + 5):
        assert await claim_once(stores) == ["1"]


async def claim_once(stores: Stores) -> list[str | None]:
    """Take all jobs as a process that ends at once."""
    return ids(await stores.inbox.claim("discord", MINE, NO_TIME, 10))


@settings(
    max_examples=20,
    deadline=None,
    # The examples share a database: each deletes its job.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    words=st.text(st.characters(), max_size=200),
    number=st.integers(-(2**70), 2**70),
    order=st.none() | st.text(st.characters()),
)
async def test_any_json_can_be_a_payload(
    stores: Stores, words: str, number: int, order: str | None
) -> None:
    payload = {"words": words, words: [number, None, True]}
    place, name = Place("discord", "any", "c"), str(stores.now())
    (stored,) = await add(stores.inbox, Job(place, name, JobKind.COMMAND, payload, order))
    await stores.inbox.plan(stored, [PlannedReply(notice=("hint", words))])
    (taken,) = await stores.inbox.claim("discord", MINE, LEASE, 10)
    await stores.inbox.finish([stored.id])
    assert (taken.job.payload, taken.job.order) == (payload, order)
    assert taken.plan == [PlannedReply(notice=("hint", words))]
