"""Migrations: what they make is what queries name, and no row is lost on the way."""

import json
from collections.abc import Iterator

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, NullPool, column, create_engine, inspect, table, text

from bot.domain.errors import StorageFailed
from bot.domain.votes import Ballot
from bot.storage import migrate, tables
from bot.storage.engine import open_database
from tests.contract.stores_open import opened
from tests.contract.stores_values import ALICE, HERE, JAZZ

CARD = {
    "track_key": "t",
    "track": json.dumps({"id": "t", "title": "T", "artists": ["A"]}),
    "energy": 0.5,
    "source": "sample",
    "model": "wide",
    "model_version": "1",
    "verdict": "clear",
    "missing": "[]",
    "reasons": "[]",
    "typical": "{}",
    "platform": HERE.platform,
    "workspace": HERE.workspace,
    "channel": HERE.channel,
    "at": "2026-01-31 12:00:00.000000+00:00",
}
MESSAGE = {name: CARD[name] for name in ("platform", "workspace", "channel", "at")}


@pytest.fixture
def plain(new_database: str) -> Iterator[Connection]:
    """Connect to the database without the bot."""
    address = new_database.replace("+aiosqlite", "").replace("postgresql:", "postgresql+psycopg:")
    engine = create_engine(address, poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


def insert(connection: Connection, name: str, **row: object) -> None:
    connection.execute(table(name, *map(column, row)).insert(), row)


def write_first(connection: Connection) -> None:
    """Make a database as the first version did, with two answers, a message and a vote."""
    command.upgrade(migrate.configuration(connection), "0001")
    for genres in ({"rock": 0.5, "pop": 0.4}, {"jazz": 0.6, "blues": 0.1}):
        insert(connection, "predictions", genres=json.dumps(genres), **CARD)
    insert(connection, "messages", message_id="m1", prediction_id=2, asker_hash=ALICE, **MESSAGE)
    vote = {"kind": JAZZ.kind, "genre": JAZZ.genre, "added": True}
    insert(connection, "feedback", prediction_id=1, user_hash=ALICE, at=CARD["at"], **vote)
    connection.commit()


async def test_the_tables_are_what_the_migrations_make(
    new_database: str, plain: Connection
) -> None:
    async with open_database(new_database):
        pass
    assert compare_metadata(MigrationContext.configure(plain), tables.metadata) == []
    for view in (tables.votes, tables.feedback_labels):
        columns = [column["name"] for column in inspect(plain).get_columns(view.name)]
        assert columns == list(view.c.keys())


async def test_what_the_first_version_kept_is_there_after_the_migration(
    new_database: str, plain: Connection
) -> None:
    write_first(plain)
    async with opened(new_database) as stores:
        card = await stores.messages.find(HERE, "m1")
        assert card
        assert (card.id, card.answer.prediction.best) == (2, "jazz")
        assert card.answer.features.values == {"energy": 0.5}
        assert await stores.messages.asked(HERE, "m1", ALICE)
        assert await stores.feedback.ballot(1, ALICE) == Ballot(frozenset({JAZZ}), "jazz")
        stats = await stores.stats.of(HERE)
        assert (stats.answers, stats.genres) == (2, {"jazz": 1})
        assert stats.confused == (("rock", "jazz", 1),)
    (label,) = plain.execute(text("SELECT track, genre, voters FROM feedback_labels")).all()
    assert tuple(label) == ("t", "jazz", 1)


async def test_what_the_first_version_forbade_is_forbidden_after_the_migration(
    new_database: str, plain: Connection
) -> None:
    write_first(plain)
    async with opened(new_database) as stores:
        card = await stores.card()
        assert card.id == 3
        with pytest.raises(StorageFailed):
            await stores.messages.remember(HERE, "m2", 77, asker=ALICE, source="q")
        await stores.show("m1", card)
        assert await stores.messages.recent(HERE, 9) == [("m1", card)]
