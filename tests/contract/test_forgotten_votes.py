"""Votes of a person who asked to be forgotten are in no view that training reads."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from sqlalchemy import Row, select

from bot.storage.database import Database
from bot.storage.engine import open_database
from bot.storage.learning_tables import feedback_votes
from bot.storage.tables import feedback_labels
from tests.contract.all_stores import Stores, sql_stores
from tests.support.store_values import ALICE, BOB, FOLK, JAZZ, OTHER_TRACK, TRACK


@pytest.fixture
async def database(empty_database: str) -> AsyncIterator[Database]:
    async with open_database(empty_database) as opened:
        yield opened


async def rows(database: Database, view: Any) -> Sequence[Row[Any]]:
    statement = select(view).order_by(view.c.track, view.c.genre)
    async with database.read() as connection:
        return (await connection.execute(statement)).all()


async def test_forgotten_votes_are_in_no_view_of_training(database: Database) -> None:
    stores: Stores = sql_stores(database)
    card, other = await stores.add_card(), await stores.add_card(OTHER_TRACK)
    for on, choice, user in ((card, JAZZ, ALICE), (other, FOLK, ALICE), (card, FOLK, BOB)):
        await stores.vote(on, choice, user)
    assert {(row.voter, row.genre) for row in await rows(database, feedback_votes)} == {
        (ALICE, "jazz"),
        (ALICE, "folk"),
        (BOB, "folk"),
    }
    await stores.votes.forget(ALICE)
    votes = await rows(database, feedback_votes)
    assert [(row.voter, row.track, row.genre) for row in votes] == [(BOB, TRACK.key, "folk")]
    labels = await rows(database, feedback_labels)
    assert [(row.track, row.genre, row.voters) for row in labels] == [(TRACK.key, "folk", 1)]
