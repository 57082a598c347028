"""PostgreSQL only: URLs, concurrent processes, lost connections."""

import asyncio
import logging
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from bot.domain.errors import StorageFailed
from bot.storage import postgres as adapter
from bot.storage.engine import open_database
from tests.contract.all_stores import open_sql_stores
from tests.contract.postgres_server import Server
from tests.support.store_values import ALICE, JAZZ, TRACK, change_ballot
from training.chat_labels import read_chat_labels


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


async def test_write_waits_for_the_lock_until_the_timeout(
    postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = postgres.migrated()
    monkeypatch.setattr(adapter, "STATEMENT_TIMEOUT", 0.5)
    async with open_sql_stores(address) as stores, open_database(address) as other:
        async with other.write():
            with pytest.raises(StorageFailed, match="cannot be written: TimeoutError"):
                await stores.add_card()
        assert await stores.events.first_time("e1")


async def test_closed_connections_are_replaced(postgres: Server) -> None:
    async with open_sql_stores(postgres.migrated()) as stores:
        card = await stores.add_card()
        assert postgres.disconnect_clients() >= 2
        assert await stores.predictions.get(card.id) == card
        assert (await stores.add_card()).id != card.id


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


async def test_training_reads_the_labels(postgres: Server) -> None:
    address = postgres.migrated()
    async with open_sql_stores(address) as stores:
        await stores.vote(await stores.add_card(energy=0.5), JAZZ)
    for start in ("postgres", "postgresql", "postgresql+asyncpg"):
        (label,) = read_chat_labels(address.replace("postgresql", start, 1))
        assert (label.track, label.genre, label.features) == (TRACK.key, "jazz", {"energy": 0.5})


async def test_concurrent_starts_migrate_once(postgres: Server) -> None:
    async def start(address: str) -> None:
        async with open_sql_stores(address) as stores:
            await stores.add_card()

    for _ in range(3):
        address = postgres.empty()
        await asyncio.gather(*(start(address) for _ in range(4)))
