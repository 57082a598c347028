"""PostgreSQL behind PgBouncer in transaction mode."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.votes import Forgotten
from tests.contract.all_stores import Stores, open_sql_stores
from tests.contract.postgres_server import Server
from tests.support import pgbouncer
from tests.support.store_values import ALICE, JAZZ, PLACE

CLIENTS = 3
PASTES = 20


@pytest.fixture
def pooler(postgres: Server) -> Iterator[Path]:
    if reason := pgbouncer.unavailable_reason():
        pytest.skip(reason)
    with pgbouncer.run_pgbouncer(postgres.folder) as folder:
        yield folder


async def paste(stores: Stores, number: int) -> None:
    card = await stores.add_card()
    assert await stores.events.first_time(f"{card.id}")
    await stores.add_message(f"m{card.id}", card, source=f"q{card.id}")
    await stores.vote(card, JAZZ, f"user {number}")
    assert await stores.messages.find(PLACE, f"m{card.id}") == card
    assert (await stores.votes.ballot(card.id, f"user {number}")).counted == "jazz"


async def test_several_clients_share_connections_again_and_again(
    postgres: Server, pooler: Path
) -> None:
    """Each start migrates or reads the revision, and prepares the same statements anew."""
    address = postgres.empty().replace(str(postgres.folder), str(pooler))

    async def start() -> None:
        async with open_sql_stores(address) as stores:
            await asyncio.gather(*(paste(stores, number) for number in range(PASTES)))

    for _ in range(3):
        await asyncio.gather(*(start() for _ in range(CLIENTS)))
    async with open_sql_stores(address) as stores:
        assert len(await stores.messages.recent(PLACE, 1000)) == 3 * CLIENTS * PASTES
        await stores.vault.put("name", "secret")
        assert await stores.vault.get("name") == "secret"
        assert await stores.votes.forget(ALICE) == Forgotten(0)
