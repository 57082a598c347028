"""Queries of the message store read the rows of one person, not those of a whole place."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bot.storage.engine import open_database
from bot.storage.messages import SqlMessageStore
from tests.support.store_values import ALICE, PLACE, TickingClock, sqlite_url

Query = Callable[[SqlMessageStore], Awaitable[object]]

QUERIES: dict[str, Query] = {
    "recent": lambda store: store.recent(PLACE, 50, ALICE),
    "displayed_to": lambda store: store.displayed_to(PLACE, ALICE, 1),
    "sent_to": lambda store: store.sent_to(PLACE, ALICE, "/summary/1"),
}


@pytest.mark.parametrize("name", sorted(QUERIES))
async def test_query_for_a_person_uses_the_index_by_person(path: Path, name: str) -> None:
    async with open_database(sqlite_url(path)) as database:
        statements: list[Any] = []
        async with database.read() as connection:
            engine = connection.engine.sync_engine

        def note(*arguments: Any) -> None:
            statements.append(arguments[2:4])

        event.listen(engine, "before_cursor_execute", note)
        await QUERIES[name](SqlMessageStore(database, TickingClock()))
        statement, values = statements[-1]
        async with database.read() as connection:
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            steps = [row[-1] for row in plan]
    assert any("messages_to_asker" in step and "asker_hash=?" in step for step in steps), steps
    assert not any("SCAN" in step or "TEMP B-TREE" in step for step in steps), steps
