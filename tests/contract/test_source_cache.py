"""Contract of SourceCache, for databases and the fake; the size limit of the databases."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import NamedTuple

import pytest
from sqlalchemy import func, select

from bot.domain.source_ports import SourceCache
from bot.domain.source_states import CachedReply
from bot.storage import source_cache as module
from bot.storage.database import Database
from bot.storage.engine import open_database
from bot.storage.source_cache import MAX_VALUE_BYTES, SqlSourceCache
from bot.storage.tables import source_cache
from tests.support.fake_source_cache import FakeSourceCache
from tests.support.store_values import TickingClock

DAY = timedelta(days=1)


class Opened(NamedTuple):
    """A cache, its clock, and the database under it if there is one."""

    cache: SourceCache
    now: TickingClock
    database: Database | None


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
async def opened(request: pytest.FixtureRequest) -> AsyncIterator[Opened]:
    now = TickingClock()
    if request.param == "fake":
        yield Opened(FakeSourceCache(now), now, None)
        return
    address = request.getfixturevalue("sqlite_address" if request.param == "sqlite" else "migrated")
    async with open_database(address) as database:
        yield Opened(SqlSourceCache(database, now), now, database)


async def test_replies_are_read_by_source_and_key_with_their_time(opened: Opened) -> None:
    value = {"title": "ä\u0000", "artists": ["x"], "year": None, "tempo": 136.041}
    await opened.cache.write("deezer/tracks", {"isrc:A": value, "isrc:B": "x"}, DAY)
    await opened.cache.write("other", {"isrc:A": "of another source"}, DAY)
    found = await opened.cache.read("deezer/tracks", ["isrc:A", "isrc:B", "isrc:C"])
    assert {key: reply.value for key, reply in found.items()} == {"isrc:A": value, "isrc:B": "x"}
    assert found["isrc:A"].at <= opened.now.time


async def test_unknown_is_a_reply(opened: Opened) -> None:
    await opened.cache.write("s", {"k": None}, DAY)
    assert (await opened.cache.read("s", ["k"]))["k"].value is None


async def test_a_reply_expires(opened: Opened) -> None:
    await opened.cache.write("s", {"k": 1}, DAY)
    opened.now.time += DAY - timedelta(minutes=1)
    assert await opened.cache.read("s", ["k"])
    opened.now.time += timedelta(minutes=2)
    assert await opened.cache.read("s", ["k"]) == {}


async def test_a_newer_reply_replaces_an_older_one(opened: Opened) -> None:
    await opened.cache.write("s", {"k": None}, timedelta(0))
    await opened.cache.write("s", {"k": 1}, DAY)
    found = await opened.cache.read("s", ["k"])
    assert found == {"k": CachedReply(1, found["k"].at)}


async def test_nothing_is_read_without_keys(opened: Opened) -> None:
    assert await opened.cache.read("s", []) == {}


@pytest.fixture
def database(opened: Opened) -> Database:
    assert opened.database is not None
    return opened.database


IN_DATABASES = pytest.mark.parametrize("opened", ["sqlite", "postgresql"], indirect=True)


async def count(database: Database) -> int:
    async with database.read() as connection:
        return await connection.scalar(select(func.count()).select_from(source_cache)) or 0


@IN_DATABASES
async def test_expired_replies_and_those_beyond_the_limit_are_deleted(
    database: Database, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PRUNE_EVERY", 30)
    monkeypatch.setattr(module, "BATCH", 4)
    cache = SqlSourceCache(database, opened.now, max_rows=10)
    await cache.write("s", {f"old{number}": 1 for number in range(9)}, timedelta(0))
    for number in range(21):
        await cache.write("s", {f"k{number:02}": 1}, DAY)
    assert await count(database) == 10
    assert sorted(await cache.read("s", [f"k{number:02}" for number in range(21)])) == [
        f"k{number}" for number in range(11, 21)
    ]


@IN_DATABASES
async def test_an_endless_reply_is_not_stored(database: Database, opened: Opened) -> None:
    await opened.cache.write("s", {"long": "x" * MAX_VALUE_BYTES, "short": "x"}, DAY)
    assert list(await opened.cache.read("s", ["long", "short"])) == ["short"]
    assert await count(database) == 1
