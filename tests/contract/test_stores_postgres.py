"""PostgreSQL alone: its URLs, several programs at once, and a server that goes away."""

import asyncio
import logging
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from bot.domain.errors import StorageFailed
from bot.storage import postgres as adapter
from bot.storage.engine import open_database
from tests.contract.stores_open import opened
from tests.contract.stores_postgres import Server
from tests.contract.stores_values import ALICE, JAZZ, TRACK, record
from training.chat_labels import read_chat_labels


def arguments(url: str) -> tuple[str, str]:
    prepared, arguments = adapter.prepare(make_url(url))
    return prepared.render_as_string(hide_password=False), arguments["dsn"]


@pytest.mark.parametrize("start", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_every_way_to_begin_its_url_names_the_one_driver(start: str) -> None:
    assert arguments(f"{start}://me:secret@db.example:5433/music") == (
        "postgresql+asyncpg://me:secret@db.example:5433/music",
        "postgresql://?",
    )


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("sslmode=require", "sslmode=require"),
        ("ssl=verify-full", "sslmode=verify-full"),
        ("sslmode=require&channel_binding=require", "sslmode=require"),
        ("connect_timeout=5&application_name=a+b", "application_name=a+b"),
    ],
)
def test_the_driver_is_told_the_parameters_that_it_knows(query: str, told: str) -> None:
    assert arguments(f"postgres://db.example/music?{query}") == (
        "postgresql+asyncpg://db.example/music",
        f"postgresql://?{told}",
    )


async def test_the_parameters_of_hosts_are_taken(postgres: Server) -> None:
    hosts_own = "&sslmode=disable&channel_binding=prefer&connect_timeout=5&application_name=music"
    async with (
        open_database(postgres.migrated() + hosts_own) as database,
        database.read() as connection,
    ):
        assert await connection.scalar(text("SHOW application_name")) == "music"


async def test_a_server_without_tls_is_refused_where_tls_is_demanded() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(8)  # "do you speak TLS?"
        writer.write(b"N")
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(StorageFailed, match="rejected SSL upgrade"):
            async with open_database(f"postgres://me@127.0.0.1:{port}/x?sslmode=require"):
                pass


async def test_a_server_that_is_not_there_is_a_sentence_without_the_password(
    postgres: Server, tmp_path: Path
) -> None:
    for host, why in ((tmp_path, "No such file"), (postgres.folder, "does not exist")):
        with pytest.raises(
            StorageFailed, match=rf"^the database \S+://me:\*\*\*@/nowhere cannot be read: .*{why}"
        ) as caught:
            async with open_database(f"postgres://me:secret@/nowhere?host={host}"):
                pass
        assert "secret" not in str(caught.value.__cause__)


async def test_one_program_writes_and_another_waits_no_longer_than_its_patience(
    postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = postgres.migrated()
    monkeypatch.setattr(adapter, "STATEMENT_TIMEOUT", 0.5)
    async with opened(address) as stores, open_database(address) as other:
        async with other.write():
            with pytest.raises(StorageFailed, match="cannot be written: TimeoutError"):
                await stores.card()
        assert await stores.events.first_time("e1")


async def test_connections_that_were_cut_are_made_anew(postgres: Server) -> None:
    async with opened(postgres.migrated()) as stores:
        card = await stores.card()
        assert postgres.cut() >= 2
        assert await stores.predictions.get(card.id) == card
        assert (await stores.card()).id != card.id


async def test_an_error_names_no_person_and_has_one_line(
    postgres: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with opened(postgres.migrated()) as stores:
        with pytest.raises(StorageFailed, match="violates foreign key") as caught:
            await record(stores.votes, 77, ALICE, JAZZ, added=True)
    assert ALICE not in f"{caplog.text} {caught.value} {caught.value.__cause__}"
    assert "\n" not in str(caught.value)


async def test_what_cannot_be_stored_is_a_storage_failure(postgres: Server) -> None:
    async with opened(postgres.migrated()) as stores:
        for event_id in ("half a character: \ud83c", "no character: \0"):
            with pytest.raises(StorageFailed):
                await stores.events.first_time(event_id)
        with pytest.raises(StorageFailed):
            await record(stores.votes, 10**30, ALICE, JAZZ, added=True)
        assert await stores.events.first_time("e1")


async def test_training_reads_the_labels(postgres: Server) -> None:
    address = postgres.migrated()
    async with opened(address) as stores:
        await stores.say(await stores.card(energy=0.5), JAZZ)
    for start in ("postgres", "postgresql", "postgresql+asyncpg"):
        (label,) = read_chat_labels(address.replace("postgresql", start, 1))
        assert (label.track, label.genre, label.features) == (TRACK.key, "jazz", {"energy": 0.5})


async def test_programs_that_start_at_once_migrate_once(postgres: Server) -> None:
    async def start(address: str) -> None:
        async with opened(address) as stores:
            await stores.card()

    for _ in range(3):
        address = postgres.empty()
        await asyncio.gather(*(start(address) for _ in range(4)))
