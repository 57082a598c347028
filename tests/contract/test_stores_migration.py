"""Migrations: what they make is what queries name, and no row is lost on the way."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, NullPool, column, create_engine, inspect, table, text

from bot.domain.channel_settings import Mode
from bot.domain.errors import StorageFailed
from bot.domain.tracks import AudioFeatures, Track
from bot.domain.votes import Ballot, Selection
from bot.storage import migrate, tables
from bot.storage.engine import open_database
from bot.storage.user_hash import load_user_hasher
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
    "platform": "local",
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
    kind, genre = JAZZ
    vote = {"kind": kind, "genre": genre, "added": True}
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


async def test_data_of_the_first_version_is_read_after_the_migrations(
    new_database: str, plain: Connection
) -> None:
    write_first(plain)
    async with opened(new_database) as stores:
        card = await stores.messages.find(HERE, "m1")
        assert card
        assert (card.id, card.answer.prediction.best) == (2, "jazz")
        assert card.answer.subject == Track("t", "T", ("A",))
        assert card.answer.features == AudioFeatures.from_source({"energy": 0.5}, "sample")
        assert await stores.messages.asked(HERE, "m1", ALICE)
        assert await stores.votes.ballot(1, ALICE) == Ballot((Selection(1, *JAZZ),))
        stats = await stores.stats.of(HERE)
        assert (stats.answers, stats.genres) == (2, {"jazz": 1})
        assert stats.confused == (("rock", "jazz", 1),)
    (label,) = plain.execute(text("SELECT track, genre, voters FROM feedback_labels")).all()
    assert tuple(label) == ("t", "jazz", 1)


async def test_constraints_of_the_first_version_hold_after_the_migrations(
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


async def test_the_platform_local_becomes_web_with_its_history_votes_and_settings(
    new_database: str, plain: Connection, tmp_path: Path
) -> None:
    write_first(plain)
    command.upgrade(migrate.configuration(plain), "0003")
    visitor = load_user_hasher(tmp_path).hash(HERE, "visitor")
    kind, genre = JAZZ
    vote = {"kind": kind, "genre": genre, "added": True, "at": CARD["at"]}
    insert(plain, "feedback", prediction_id=2, user_hash=visitor, **vote)
    place = {name: CARD[name] for name in ("platform", "workspace", "channel")}
    insert(plain, "channel_settings", mode="off", **place)
    insert(plain, "seen_events", event_id="local/local/chat/m9", at=CARD["at"])
    insert(plain, "seen_events", event_id="discord/1/2/local/3", at=CARD["at"])
    plain.commit()
    async with opened(new_database) as stores:
        assert [message for message, _ in await stores.messages.recent(HERE, 9)] == ["m1"]
        assert (await stores.votes.ballot(2, visitor)).counted == genre
        assert (await stores.settings.get(HERE)).mode is Mode.OFF
        assert await stores.events.known("web/local/chat/m9")
        assert await stores.events.known("discord/1/2/local/3")


def test_the_web_platform_keeps_the_user_hashes_of_its_former_name(tmp_path: Path) -> None:
    hasher = load_user_hasher(tmp_path)
    former = replace(HERE, platform="local")
    assert hasher.hash(HERE, "visitor") == hasher.hash(former, "visitor")
