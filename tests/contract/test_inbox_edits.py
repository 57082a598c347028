"""Contract of Inbox for edited messages, whose jobs wait or are amended."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.jobs import JobKind
from bot.domain.places import Place
from tests.contract.all_stores import Stores
from tests.contract.inbox_jobs import LEASE, MINE, MUSIC, OTHER, add, job


async def test_jobs_that_wait_for_their_release_expire_with_any_kind(stores: Stores) -> None:
    (stored,) = await add(stores.inbox, job("1", kind=JobKind.EDIT))
    await stores.inbox.park(stored.id)
    assert await stores.inbox.expire("discord", stored.accepted_at) == 0
    assert await stores.inbox.expire("discord", stored.accepted_at + LEASE) == 1
    assert await stores.inbox.parked(MUSIC) == 0


async def test_earlier_messages_and_edits_of_an_order_are_found(stores: Stores) -> None:
    inbox, elsewhere = stores.inbox, Place("discord", "w", "elsewhere")
    parked, _, _, free, _, edit, _ = await add(
        inbox,
        job("parked", order="m"),
        job("other order", order="n"),
        job("other place", elsewhere, order="m"),
        job("free", kind=JobKind.EDIT, order="m"),
        job("other kind", kind=JobKind.REACTION, order="m"),
        job("edit", kind=JobKind.EDIT, order="m"),
        job("later", kind=JobKind.EDIT, order="m"),
        lease=LEASE,
    )
    owned = await inbox.earlier(edit)
    assert [(one.job, one.owner) for one in owned] == [(parked.job, MINE), (free.job, MINE)]
    await inbox.park(parked.id)
    assert [one.owner for one in await inbox.earlier(edit)] == ["", MINE]
    stores.now.time += LEASE + timedelta(seconds=1)
    assert [one.owner for one in await inbox.earlier(edit)] == ["", ""]
    assert await inbox.earlier(parked) == []


async def test_payload_is_amended_while_its_owner_has_the_job(stores: Stores) -> None:
    inbox = stores.inbox
    (mine,) = await add(inbox, job("1", order="m"), lease=LEASE)
    assert not await inbox.amend(replace(mine, owner=OTHER), {"n": 1})
    assert not await inbox.amend(replace(mine, owner=""), {"n": 2})
    assert await inbox.amend(mine, {"n": 3})
    await inbox.disown(MINE)
    (taken,) = await inbox.claim("discord", OTHER, LEASE, 10)
    assert (taken.job.payload, taken.job.order) == ({"n": 3}, "m")
    assert not await inbox.amend(mine, None)
    assert await inbox.amend(taken, None)
    assert not await inbox.amend(taken, {"n": 4})
    assert await inbox.backlog() == 0


@pytest.mark.parametrize("released", [False, True])
async def test_job_that_waits_is_amended_until_it_is_taken(
    stores: Stores, *, released: bool
) -> None:
    inbox = stores.inbox
    (stored, dropped) = await add(inbox, job("1"), job("2"), lease=LEASE)
    for one in (stored, dropped):
        await inbox.park(one.id)
    if released:
        await inbox.release(MUSIC)
    assert await inbox.amend(replace(stored, owner=""), {"n": 1})
    assert await inbox.amend(replace(dropped, owner=""), None)
    await inbox.release(MUSIC)
    (taken,) = await inbox.claim("discord", OTHER, LEASE, 10)
    assert (taken.job.payload, taken.released) == ({"n": 1}, True)
    assert not await inbox.amend(replace(stored, owner=""), {"n": 2})
