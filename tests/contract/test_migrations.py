"""Migrations: they create the tables that queries name, and lose no row that is used."""

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
from bot.domain.places import Place
from bot.domain.tracks import AudioFeatures, Track
from bot.domain.votes import Ballot, Selection
from bot.storage import learning_tables, migrate, tables
from bot.storage.engine import open_database
from bot.storage.user_hash import KEY_BYTES, UserHasher, load_user_hasher
from model.verdicts import Verdict
from tests.contract.all_stores import open_sql_stores
from tests.support.store_values import ALICE, JAZZ, OTHER_PLACE, PLACE, TRACK

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
    "workspace": PLACE.workspace,
    "channel": PLACE.channel,
    "at": "2026-01-31 12:00:00.000000+00:00",
}
MESSAGE = {name: CARD[name] for name in ("platform", "workspace", "channel", "at")}

FORMER_HASH = "e93cf83a8a30e75d2cfa217ded27e8c5"
"""Hash of the user `visitor` of the platform `local` with a key of zeros."""


@pytest.fixture
def plain(new_database: str) -> Iterator[Connection]:
    """Return a connection of another program to `new_database`."""
    address = new_database.replace("+aiosqlite", "").replace("postgresql:", "postgresql+psycopg:")
    engine = create_engine(address, poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


def insert(connection: Connection, name: str, /, **row: object) -> None:
    connection.execute(table(name, *map(column, row)).insert(), row)


def write_first(connection: Connection) -> None:
    """Create a database of the first revision with two answers, a message and a vote."""
    command.upgrade(migrate.configuration(connection), "0001")
    for genres in ({"rock": 0.5, "pop": 0.4}, {"jazz": 0.6, "blues": 0.1}):
        insert(connection, "predictions", genres=json.dumps(genres), **CARD)
    insert(connection, "messages", message_id="m1", prediction_id=2, asker_hash=ALICE, **MESSAGE)
    kind, genre = JAZZ
    vote = {"kind": kind, "genre": genre, "added": True}
    insert(connection, "feedback", prediction_id=1, user_hash=ALICE, at=CARD["at"], **vote)
    connection.commit()


async def test_migrations_create_the_tables_that_queries_name(
    new_database: str, plain: Connection
) -> None:
    async with open_database(new_database):
        pass
    assert compare_metadata(MigrationContext.configure(plain), tables.metadata) == []
    for view in (tables.votes, tables.feedback_labels, learning_tables.feedback_votes):
        columns = [column["name"] for column in inspect(plain).get_columns(view.name)]
        assert columns == list(view.c.keys())


async def test_data_of_the_first_revision_is_readable_after_the_migrations(
    new_database: str, plain: Connection
) -> None:
    write_first(plain)
    async with open_sql_stores(new_database) as stores:
        card = await stores.messages.find(PLACE, "m1")
        assert card
        assert (card.id, card.answer.prediction.best) == (2, "jazz")
        assert card.answer.subject == Track("t", "T", ("A",))
        assert card.answer.features == AudioFeatures.from_source({"energy": 0.5}, "sample")
        assert await stores.messages.asked(PLACE, "m1", ALICE)
        assert await stores.votes.ballot(1, ALICE) == Ballot((Selection(1, *JAZZ),))
        stats = await stores.stats.of(PLACE)
        assert (stats.answers, stats.genres) == (2, {"jazz": 1})
        assert (card.answer.filed_under, stats.filed, stats.apart) == (None, {}, ())
        assert stats.confused == (("rock", "jazz", 1),)
    (label,) = plain.execute(text("SELECT track, genre, voters FROM feedback_labels")).all()
    assert tuple(label) == ("t", "jazz", 1)


async def test_constraints_of_the_first_revision_hold_after_the_migrations(
    new_database: str, plain: Connection
) -> None:
    write_first(plain)
    async with open_sql_stores(new_database) as stores:
        card = await stores.add_card()
        assert card.id == 3
        with pytest.raises(StorageFailed):
            await stores.messages.remember(PLACE, "m2", 77, asker=ALICE, source="q")
        await stores.add_message("m1", card)
        assert await stores.messages.recent(PLACE, 9) == [("m1", card)]


def write_third(connection: Connection, visitor: str) -> None:
    """Create a database of revision 0003 with a vote of `visitor`, settings and deliveries."""
    write_first(connection)
    command.upgrade(migrate.configuration(connection), "0003")
    kind, genre = JAZZ
    vote = {"kind": kind, "genre": genre, "added": True, "at": CARD["at"]}
    insert(connection, "feedback", prediction_id=2, user_hash=visitor, **vote)
    place = {name: CARD[name] for name in ("platform", "workspace", "channel")}
    insert(connection, "channel_settings", mode="off", **place)
    insert(connection, "seen_events", event_id="local/local/chat/m9", at=CARD["at"])
    insert(connection, "seen_events", event_id="discord/1/2/local/3", at=CARD["at"])
    connection.commit()


def labels(connection: Connection) -> list[tuple[object, ...]]:
    rows = connection.execute(text("SELECT * FROM feedback_labels ORDER BY track, genre")).all()
    connection.commit()
    return [tuple(row) for row in rows]


async def test_platform_local_becomes_web_with_its_history_votes_and_settings(
    new_database: str, plain: Connection, tmp_path: Path
) -> None:
    hasher = load_user_hasher(tmp_path)
    write_third(plain, hasher.hash(replace(PLACE, platform="local"), "visitor"))
    labels_before = labels(plain)
    async with open_sql_stores(new_database) as stores:
        assert [message for message, _ in await stores.messages.recent(PLACE, 9)] == ["m1"]
        visitor = hasher.hash(PLACE, "visitor")
        assert await stores.votes.ballot(2, visitor) == Ballot((Selection(2, *JAZZ),))
        assert await stores.predictions.get(2, PLACE)
        assert (await stores.settings.get(PLACE)).mode is Mode.OFF
        assert await stores.events.known("web/local/chat/m9")
        assert not await stores.events.known("local/local/chat/m9")
        assert await stores.events.known("discord/1/2/local/3")
    assert labels(plain) == labels_before
    assert len(labels_before) == 1


async def test_other_platforms_are_not_renamed(new_database: str, plain: Connection) -> None:
    write_first(plain)
    other = MESSAGE | {"platform": OTHER_PLACE.platform, "workspace": "local", "channel": "local"}
    insert(plain, "messages", message_id="m2", prediction_id=1, asker_hash=ALICE, **other)
    plain.commit()
    async with open_sql_stores(new_database) as stores:
        place = Place(OTHER_PLACE.platform, "local", "local")
        assert [message for message, _ in await stores.messages.recent(place, 9)] == ["m2"]


def test_web_platform_keeps_the_user_hashes_of_its_former_name() -> None:
    # Written by the version before the platform was renamed.
    assert UserHasher(bytes(KEY_BYTES)).hash(PLACE, "visitor") == FORMER_HASH


async def test_verdicts_of_the_first_revision_get_their_new_names(
    new_database: str, plain: Connection
) -> None:
    command.upgrade(migrate.configuration(plain), "0004")
    for verdict in ("clear", "close", "unsure"):
        row = CARD | {"genres": json.dumps({"rock": 0.5}), "genre": "rock", "verdict": verdict}
        insert(plain, "predictions", **row)
    plain.commit()
    async with open_sql_stores(new_database) as stores:
        cards = [await stores.predictions.get(card_id) for card_id in (1, 2, 3)]
    verdicts = [card.answer.prediction.verdict for card in cards if card]
    assert verdicts == [Verdict.PLAIN, Verdict.EITHER, Verdict.UNSURE]


async def test_states_of_installations_are_deleted_and_installations_stay(
    new_database: str, plain: Connection
) -> None:
    command.upgrade(migrate.configuration(plain), "0007")
    for name in ("slack/state/1", "slack/state/2", "slack/installation/T1", "slack/states"):
        insert(plain, "vault", name=name, sealed="encrypted", at=CARD["at"])
    plain.commit()
    async with open_database(new_database):
        pass
    names = plain.execute(text("SELECT name FROM vault ORDER BY name")).scalars().all()
    assert names == ["slack/installation/T1", "slack/states"]


async def test_stored_track_has_its_kind_and_all_identifiers(
    new_database: str, plain: Connection
) -> None:
    async with open_sql_stores(new_database) as stores:
        await stores.add_card(energy=0.5)
    statement = text("SELECT track, source, feature_sources FROM predictions")
    track, source, feature_sources = plain.execute(statement).one()
    assert parsed(track) == {
        "kind": "track",
        "spotify_id": TRACK.spotify_id,
        "title": TRACK.title,
        "artists": list(TRACK.artists),
        "url": TRACK.url,
        "image": TRACK.image,
        "isrc": TRACK.isrc,
        "musicbrainz_id": TRACK.musicbrainz_id,
        "deezer_id": TRACK.deezer_id,
        "duration_ms": TRACK.duration_ms,
        "duration_source": TRACK.duration_source,
        "year": TRACK.year,
        "sound_id": None,
    }
    assert source == "sample"
    assert parsed(feature_sources) == {"energy": "sample"}


def parsed(stored: object) -> object:
    """Return a JSON value; psycopg returns it parsed, sqlite3 as text."""
    return json.loads(stored) if isinstance(stored, str) else stored
