"""The database is read as often for a history of 50 cards as for one of a single card."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.domain.votes import Vote, VoteKind
from bot.platforms.web import events
from bot.platforms.web.ids import PLACE
from bot.platforms.web.pages import Pages
from bot.services.cards import HISTORY_LENGTH, CardService
from bot.services.recent_cards import RecentCards
from bot.services.voting import VotingService
from bot.storage.database import Database
from bot.storage.engine import open_database
from bot.storage.messages import SqlMessageStore
from bot.storage.predictions import SqlPredictionStore
from bot.storage.votes import SqlVoteStore
from tests.support.factories import track
from tests.support.fake_app import LINK, FakeApp, hash_user
from tests.support.fakes import FakeModelRegistry
from tests.support.store_values import answer_about, sqlite_url, with_genres
from tests.support.web_visitors import ANN, BOB, visiting
from tests.unit.platforms.web.requests import history, say

READS = 3
"""Messages with their cards, the visitor's votes, the votes of all."""


class Stored:
    """Services on a database, as far as a history needs it."""

    def __init__(self, database: Database) -> None:
        app = FakeApp()
        self.database = database
        self.predictions = SqlPredictionStore(database, app.now)
        self.messages = SqlMessageStore(database, app.now)
        votes = SqlVoteStore(database, app.now)
        self.services = replace(
            app.services,
            cards=CardService(
                predictions=self.predictions,
                messages=self.messages,
                renderer=app.renderer,
                recent_cards=RecentCards(self.messages, FakeModelRegistry(), app.now),
                deduplicator=app.services.deduplicator,
                hash_user=hash_user,
            ),
            voting=VotingService(self.predictions, votes, hash_user),
        )

    async def answer(self, number: int) -> None:
        """Answer a song with a card, on which two visitors vote."""
        song = track(f"{number:022}", title=f"Song {number}")
        card = await self.predictions.add(with_genres(answer_about(song), "pop"), PLACE)
        await self.messages.remember(
            PLACE, f"message-{number}/0", card.id, asker=hash_user(PLACE, ANN), source="m"
        )
        for visitor, genre in ((ANN, "jazz"), (BOB, "folk")):
            vote = Vote(PLACE, card.id, visitor, VoteKind.CHOICE, genre, added=True)
            await self.services.voting.record(vote)

    @contextmanager
    def reads(self) -> Iterator[list[str]]:
        """Collect the statements that are executed."""
        statements: list[str] = []

        def note(*arguments: object) -> None:
            statements.append(str(arguments[2]))

        engines = [self.database._reader.sync_engine, self.database._writer.sync_engine]
        for engine in engines:
            event.listen(engine, "before_cursor_execute", note)
        yield statements
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
async def stored(tmp_path: Path) -> AsyncIterator[Stored]:
    async with open_database(sqlite_url(tmp_path / "soundslike.db")) as database:
        yield Stored(database)


async def test_database_is_read_three_times_for_any_number_of_cards(stored: Stored) -> None:
    async with visiting(events.build(stored.services)) as ann:
        for first, last in ((0, 1), (1, HISTORY_LENGTH)):
            for number in range(first, last):
                await stored.answer(number)
            with stored.reads() as statements:
                shown = await history(ann)
            assert len(shown) == last
            assert len(statements) == READS, statements
    assert {one["card"]["ballot"]["counted"] for one in shown} == {"jazz"}
    tallies = {one["card"]["tally"] for one in shown}
    assert len(tallies) == 1
    assert "jazz" in (tally := tallies.pop())
    assert "folk" in tally


async def test_a_card_in_several_turns_is_rendered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[str] = []
    render = Pages.render

    def noted(self: Pages, template: str, **values: object) -> object:
        rendered.append(template)
        return render(self, template, **values)

    async with visiting(events.build(FakeApp().services)) as ann:
        for number in range(3):
            await say(ann, LINK, f"message-{number}")
        monkeypatch.setattr(Pages, "render", noted)
        assert len(await history(ann)) == 3
    assert rendered == ["card.html"]
