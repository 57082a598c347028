"""PostgreSQL only: URLs, concurrent processes, lost connections."""

import asyncio
import logging
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Select, make_url, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import StorageFailed
from bot.storage import postgres as adapter
from bot.storage.engine import open_database
from bot.storage.retention import SqlRetention
from bot.storage.tables import feedback, messages
from tests.contract.all_stores import open_sql_stores, sql_stores
from tests.contract.postgres_server import Server
from tests.support.store_values import (
    ALICE,
    BOB,
    FOLK,
    JAZZ,
    OTHER_TRACK,
    PLACE,
    TRACK,
    change_ballot,
)
from training.feedback.reading import read_votes


def arguments(url: str) -> tuple[str, str]:
    prepared, arguments = adapter.prepare(make_url(url))
    return prepared.render_as_string(hide_password=False), arguments["dsn"]


@pytest.mark.parametrize("start", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_all_url_schemes_select_asyncpg(start: str) -> None:
    assert arguments(f"{start}://me:secret@db.example:5433/music") == (
        "postgresql+asyncpg://me:secret@db.example:5433/music",
        "postgresql://?",
    )


@pytest.mark.parametrize(
    ("query", "converted"),
    [
        ("sslmode=require", "sslmode=require"),
        ("ssl=verify-full", "sslmode=verify-full"),
        ("sslmode=require&channel_binding=require", "sslmode=require"),
        ("connect_timeout=5&application_name=a+b", "application_name=a+b"),
    ],
)
def test_url_parameters_are_converted_for_the_driver(query: str, converted: str) -> None:
    assert arguments(f"postgres://db.example/music?{query}") == (
        "postgresql+asyncpg://db.example/music",
        f"postgresql://?{converted}",
    )


async def test_urls_with_parameters_of_hosts_can_be_opened(postgres: Server) -> None:
    parameters = "&sslmode=disable&channel_binding=prefer&connect_timeout=5&application_name=music"
    async with (
        open_database(postgres.migrated() + parameters) as database,
        database.read() as connection,
    ):
        assert await connection.scalar(text("SHOW application_name")) == "music"


async def test_required_tls_is_enforced() -> None:
    async def refuse_tls(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(8)  # SSLRequest
        writer.write(b"N")
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(refuse_tls, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(StorageFailed, match="rejected SSL upgrade"):
            async with open_database(f"postgres://me@127.0.0.1:{port}/x?sslmode=require"):
                pass


async def test_unreachable_server_is_reported_without_the_password(
    postgres: Server, tmp_path: Path
) -> None:
    for host, reason in ((tmp_path, "No such file"), (postgres.folder, "does not exist")):
        expected = rf"^the database \S+:///nowhere cannot be read: .*{reason}"
        with pytest.raises(StorageFailed, match=expected) as caught:
            async with open_database(f"postgres://me:secret@/nowhere?host={host}"):
                pass
        assert "secret" not in str(caught.value.__cause__)


async def test_write_waits_for_a_lock_until_the_timeout(
    postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = postgres.migrated()
    monkeypatch.setattr(adapter, "STATEMENT_TIMEOUT", 0.5)
    async with open_sql_stores(address) as stores, open_database(address) as other:
        card = await stores.add_card()
        async with other.write() as connection:
            await connection.execute(select(adapter.lock(f"{ALICE} {TRACK.key}")))
            with pytest.raises(StorageFailed, match="cannot be written: TimeoutError"):
                await stores.vote(card, JAZZ)
            await stores.vote(card, JAZZ, BOB)
        await stores.vote(card, FOLK)
        assert (await stores.votes.ballot(card.id, ALICE)).counted == "folk"


async def test_connections_that_the_server_closed_are_replaced(postgres: Server) -> None:
    async with open_sql_stores(postgres.migrated()) as stores:
        card = await stores.add_card()
        assert await asyncio.to_thread(postgres.disconnect_clients) >= 2
        for _ in range(10):  # the event loop reads that they are closed
            await asyncio.sleep(0)
        assert await stores.predictions.get(card.id) == card
        assert (await stores.add_card()).id != card.id


async def test_connections_that_do_not_answer_after_a_pause_are_replaced(
    postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_sql_stores(postgres.migrated()) as stores:
        card = await stores.add_card()
        monkeypatch.setattr(adapter, "MAX_IDLE", -1)
        assert postgres.disconnect_clients() >= 2  # without the event loop
        assert await stores.predictions.get(card.id) == card
        assert (await stores.add_card()).id != card.id


async def test_writes_do_not_wait_for_one_another(postgres: Server) -> None:
    address = postgres.migrated()
    async with open_sql_stores(address) as stores, open_database(address) as other:
        card, second = await stores.add_card(), await stores.add_card(OTHER_TRACK)
        async with other.write() as connection:
            await connection.execute(select(adapter.lock(f"{ALICE} {TRACK.key}")))
            await stores.add_message("m1", card)
            await stores.vote(card, JAZZ, BOB)
            await stores.vote(second, JAZZ)
            assert await stores.events.first_time("e1")


async def test_error_contains_no_user_hash_and_has_one_line(
    postgres: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with open_sql_stores(postgres.migrated()) as stores:
        with pytest.raises(StorageFailed, match="violates foreign key") as caught:
            await change_ballot(stores.votes, 77, ALICE, JAZZ, added=True)
    assert ALICE not in f"{caplog.text} {caught.value} {caught.value.__cause__}"
    assert "\n" not in str(caught.value)


async def test_value_that_cannot_be_stored_is_a_storage_failure(postgres: Server) -> None:
    async with open_sql_stores(postgres.migrated()) as stores:
        for event_id in ("half a character: \ud83c", "no character: \0"):
            with pytest.raises(StorageFailed):
                await stores.events.first_time(event_id)
        with pytest.raises(StorageFailed):
            await change_ballot(stores.votes, 10**30, ALICE, JAZZ, added=True)
        assert await stores.events.first_time("e1")


async def test_training_reads_the_votes(postgres: Server) -> None:
    address = postgres.migrated()
    async with open_sql_stores(address) as stores:
        await stores.vote(await stores.add_card(), JAZZ)
    for start in ("postgres", "postgresql", "postgresql+asyncpg"):
        (vote,) = read_votes(address.replace("postgresql", start, 1))
        assert (vote.track, vote.genre) == (TRACK.key, "jazz")


async def test_concurrent_starts_migrate_once(postgres: Server) -> None:
    async def start(address: str) -> None:
        async with open_sql_stores(address) as stores:
            await stores.add_card()

    for _ in range(3):
        address = postgres.empty()
        await asyncio.gather(*(start(address) for _ in range(4)))


async def test_answer_that_gets_a_vote_while_answers_are_deleted_is_kept(
    postgres: Server,
) -> None:
    async with open_database(postgres.migrated()) as database:
        stores = sql_stores(database)
        card = await stores.add_card()
        at = stores.now()
        vote = {"prediction_id": card.id, "user_hash": ALICE, "kind": JAZZ[0], "genre": JAZZ[1]}
        async with database.write() as connection:
            await connection.execute(feedback.insert().values(**vote, added=True, at=at))
            # The vote is not yet visible, but has locked its answer.
            assert await SqlRetention(database).prune(at + timedelta(days=1)) == 0
        assert await stores.predictions.get(card.id) == card


async def test_concurrent_drops_return_each_answer_once(postgres: Server) -> None:
    async with open_sql_stores(postgres.migrated()) as stores:
        names = {f"m{number}" for number in range(20)}
        for name in names:
            await stores.add_message(name, source="q1")
        dropped = await asyncio.gather(*(stores.messages.drop(PLACE, "q1") for _ in range(4)))
        assert sorted(name for some in dropped for name in some) == sorted(names)


async def test_statement_that_was_ended_by_a_deadlock_is_executed_again(postgres: Server) -> None:
    url = postgres.migrated()
    async with open_database(url) as database, database.write() as connection:
        await connection.execute(text(LATER_CHECK))  # for connections from now on
    async with open_database(url) as database:
        stores = sql_stores(database)
        await stores.add_message("m1", source="q1")
        await stores.add_message("m2", source="q1")
        async with database.write() as connection:
            await connection.execute(text("SET LOCAL deadlock_timeout = '1min'"))
            await connection.execute(locked("m2"))
            dropping = asyncio.create_task(stores.messages.drop(PLACE, "q1"))  # m1, then m2
            while not await waits(connection):  # noqa: ASYNC110 - the server sends no event
                await asyncio.sleep(0)
            await connection.execute(locked("m1"))  # the server ends the other one
        assert await dropping == ["m1", "m2"]


LATER_CHECK = (
    "DO $$ BEGIN EXECUTE format("
    "'ALTER DATABASE %I SET deadlock_timeout = ''3s''', current_database()); END $$"
)
"""A statement that waits looks for a deadlock once; a second is too soon for a busy machine."""


def locked(message_id: str) -> Select[tuple[int]]:
    return select(messages.c.id).where(messages.c.message_id == message_id).with_for_update()


async def waits(connection: AsyncConnection) -> bool:
    return bool(await connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))
