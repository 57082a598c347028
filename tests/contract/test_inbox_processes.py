"""Several processes with one inbox in a database."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from bot.domain.places import Place
from bot.domain.ports import Inbox
from bot.storage.engine import open_database
from tests.contract.all_stores import sql_inbox
from tests.contract.inbox_jobs import LEASE, MINE, add, claim, job
from tests.support.store_values import TickingClock


@pytest.fixture
async def inboxes(empty_database: str) -> AsyncIterator[list[Inbox]]:
    """Return the inboxes of three processes with one database."""
    async with AsyncExitStack() as stack:
        databases = [
            await stack.enter_async_context(open_database(empty_database)) for _ in range(3)
        ]
        yield [sql_inbox(database, TickingClock()) for database in databases]


async def test_of_concurrent_processes_one_gets_each_job(inboxes: list[Inbox]) -> None:
    names = [str(number) for number in range(30)]
    await add(inboxes[0], *(job(name, Place("discord", name[-1], "c")) for name in names))
    for _ in range(10):
        taken = await asyncio.gather(
            *(claim(inbox, str(number)) for number, inbox in enumerate(inboxes))
        )
        # A row that another process was taking is left out, and free if that one failed.
        rest = await claim(inboxes[0], "0")
        assert Counter([*rest, *(name for some in taken for name in some)]) == Counter(names)
        for number, inbox in enumerate(inboxes):
            await inbox.disown(str(number))


async def test_of_concurrent_processes_one_stores_each_delivery(inboxes: list[Inbox]) -> None:
    names = [str(number) for number in range(40)]
    orders = (names, names[::-1], names[20:] + names[:20])
    added = await asyncio.gather(
        *(
            inbox.add([job(name) for name in order], MINE, LEASE)
            for inbox, order in zip(inboxes, orders, strict=True)
        )
    )
    assert Counter(stored.job.id for batch in added for stored in batch if stored) == Counter(names)


async def test_concurrent_changes_of_the_same_jobs_do_not_fail(inboxes: list[Inbox]) -> None:
    added = await add(inboxes[0], *(job(str(number)) for number in range(50)), lease=LEASE)
    numbers = [stored.id for stored in added]
    await asyncio.gather(
        *(inbox.renew(MINE, numbers[::step], LEASE) for inbox in inboxes for step in (1, -1)),
        *(inbox.disown(MINE, numbers[::step]) for inbox in inboxes for step in (1, -1)),
        *(inbox.finish(numbers[::step]) for inbox in inboxes for step in (1, -1)),
    )
    assert await inboxes[0].backlog() == 0
