"""Training reads people's votes from SQLite and PostgreSQL."""

import csv
import io
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, NullPool, create_engine, text

from bot.domain.places import Place
from bot.domain.tracks import Track
from bot.platforms.web.ids import PUBLIC_PLACE
from bot.storage.engine import open_database
from bot.storage.learning_tables import FEEDBACK_VOTES_VERSION, feedback_votes
from bot.storage.retention import SqlRetention
from tests.contract.all_stores import Stores, sql_stores
from tests.support.factories import VALUES, sound_answer
from tests.support.store_values import (
    ALICE,
    BOB,
    FOLK,
    JAZZ,
    OTHER_PLACE,
    PLACE,
    RIGHT,
    KindAndGenre,
)
from training.feedback import export, reading
from training.feedback.agreement import agree
from training.feedback.reading import Exclusion, VotesRead, read, read_votes

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)
SONG = Track("5CQ30WqJwcep0pYcV4AMNc", "Title", ("Artist", "Guest"))
OTHER_SONG = Track(None, "Ship, Sky", ("Crew",))


@dataclass(frozen=True)
class Deployment:
    """A database with the stores of the bot on it."""

    address: str
    stores: Stores
    retention: SqlRetention

    def read(self, exclusion: Exclusion = reading.NOTHING, **options: bool) -> VotesRead:
        return read(self.address, exclusion, now=NOW, **options)

    async def vote(
        self,
        user: str = ALICE,
        choice: KindAndGenre = FOLK,
        song: Track = SONG,
        place: Place = PLACE,
    ) -> None:
        card = await self.stores.add_card(song, "country", place, **VALUES)
        await self.stores.vote(card, choice, user)


@pytest.fixture
async def bot(empty_database: str) -> AsyncIterator[Deployment]:
    """Return a deployment with an empty database."""
    async with open_database(empty_database) as database:
        yield Deployment(empty_database, sql_stores(database), SqlRetention(database))


@pytest.fixture
def plain(bot: Deployment) -> Iterator[Connection]:
    """Return a connection of another program, to damage rows."""
    address = bot.address.replace("+aiosqlite", "").replace("postgresql:", "postgresql+psycopg:")
    engine = create_engine(address, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection


async def test_a_vote_has_person_song_genre_place_and_features(bot: Deployment) -> None:
    await bot.vote(place=OTHER_PLACE)
    found = bot.read()
    (vote,) = found.votes
    assert (vote.voter, vote.track, vote.genre, vote.shown) == (ALICE, SONG.key, "folk", "country")
    assert (vote.title, vote.artists) == ("Title", ("Artist", "Guest"))
    assert (vote.platform, vote.workspace) == (OTHER_PLACE.platform, OTHER_PLACE.workspace)
    assert dict(vote.features) == pytest.approx(VALUES)
    assert timedelta(0) < vote.at - datetime(2026, 1, 31, 23, 59, 50, tzinfo=UTC) < timedelta(0, 60)
    assert found.left_out == {}


async def test_a_person_has_one_vote_for_a_song_the_newest(bot: Deployment) -> None:
    card = await bot.stores.add_card(SONG, "country", PLACE, **VALUES)
    for choice in (JAZZ, FOLK, RIGHT):
        await bot.stores.vote(card, choice)
    await bot.vote(BOB, JAZZ)
    assert [(vote.voter, vote.genre) for vote in bot.read().votes] == [
        (ALICE, "country"),
        (BOB, "jazz"),
    ]


async def test_votes_of_a_public_page_train_only_if_asked_for(bot: Deployment) -> None:
    await bot.vote(place=PUBLIC_PLACE)
    await bot.vote(BOB, song=OTHER_SONG)
    found = bot.read()
    assert [vote.voter for vote in found.votes] == [BOB]
    assert found.left_out == {"they were cast on a public page": 1}
    assert len(bot.read(public=True).votes) == 2


async def test_people_servers_and_periods_are_left_out(bot: Deployment) -> None:
    await bot.vote(ALICE)
    await bot.vote(BOB, place=OTHER_PLACE)
    first, second = bot.read().votes
    assert first.at < second.at

    def left(exclusion: Exclusion) -> list[str]:
        found = bot.read(exclusion)
        assert found.left_out == {"they are excluded": 2 - len(found.votes)}
        return [vote.voter for vote in found.votes]

    assert left(Exclusion(voters=frozenset({ALICE}))) == [BOB]
    assert left(Exclusion(workspaces=frozenset({"slack:T1"}))) == [ALICE]
    assert left(Exclusion(since=second.at)) == [ALICE]
    assert left(Exclusion(until=second.at)) == [BOB]
    assert left(Exclusion(since=first.at, until=second.at)) == [BOB]
    assert left(Exclusion(since=first.at)) == []


DAMAGES = {
    "their genre is not one of the model's": ("feedback", "genre = 'polka'"),
    "a feature has an impossible value": ("predictions", "energy = 7"),
    "what is stored of the track cannot be read": ("predictions", "track = '[1]'"),
    "their time is in the future": ("feedback", "at = '2036-01-01 00:00:00'"),
    "too few features of the track are known": (
        "predictions",
        "valence = NULL, energy = NULL, danceability = NULL, tempo = NULL, speechiness = NULL",
    ),
}


async def test_unusable_votes_are_left_out_one_by_one(bot: Deployment, plain: Connection) -> None:
    tracks = [f"{number:022}" for number in range(len(DAMAGES) + 1)]
    for track in tracks:
        await bot.vote(song=replace(SONG, spotify_id=track))
    assert len(bot.read().votes) == len(tracks)
    for track, (name, change) in zip(tracks, DAMAGES.values(), strict=False):
        key = "id" if name == "predictions" else "prediction_id"
        which = f"{key} = (SELECT id FROM predictions WHERE track_key = '{track}')"  # noqa: S608
        plain.execute(text(f"UPDATE {name} SET {change} WHERE {which}"))  # noqa: S608
    found = bot.read()
    assert [vote.track for vote in found.votes] == tracks[-1:]
    assert found.left_out == dict.fromkeys(DAMAGES, 1)


async def test_names_are_encodable(bot: Deployment, tmp_path: Path) -> None:
    broken = replace(SONG, title="Title\ud83d", artists=("\udc4dArtist", "\ud83d"))
    for user in (ALICE, BOB):
        await bot.vote(user, song=broken)
    names = {(vote.title, vote.artists) for vote in bot.read().votes}
    assert names == {("Title", ("Artist", ""))}
    assert len(_exported(bot, tmp_path)) == 1


async def test_times_before_now_are_no_reason_to_leave_votes_out(
    bot: Deployment, plain: Connection
) -> None:
    await bot.vote()
    plain.execute(text("UPDATE feedback SET at = '1970-01-01 00:00:00'"))
    (vote,) = bot.read().votes
    assert vote.at.year in {1969, 1970}


async def test_votes_on_sound_files_are_for_the_tagger_alone(bot: Deployment) -> None:
    answer = sound_answer(Track(title="My Song", sound_id="a" * 32))
    card = await bot.stores.predictions.add(answer, PLACE)
    await bot.stores.vote(card, FOLK)
    assert bot.read().votes == ()
    assert bot.read().left_out == {"they are on sound files": 1}
    assert len(bot.read(sounds=True).votes) == 1


def test_bot_and_training_name_the_same_view() -> None:
    assert reading.VIEW_VERSION == FEEDBACK_VOTES_VERSION
    assert reading.VIEW.c.keys() == feedback_votes.c.keys()


async def test_retention_changes_no_votes(bot: Deployment) -> None:
    await bot.vote()
    await bot.vote(BOB, JAZZ)
    before = bot.read()
    await bot.retention.prune(NOW + timedelta(days=900))
    assert bot.read() == before


async def test_a_forgotten_person_is_in_no_votes_and_no_export(
    bot: Deployment, tmp_path: Path
) -> None:
    for user in (ALICE, BOB):
        await bot.vote(user)
        await bot.vote(user, JAZZ, OTHER_SONG)
    carol = "c" * 32
    await bot.vote(carol, JAZZ, OTHER_SONG)
    assert len(_exported(bot, tmp_path)) == 2
    await bot.stores.votes.forget(ALICE)
    assert {vote.voter for vote in read_votes(bot.address)} == {BOB, carol}
    (row,) = _exported(bot, tmp_path)
    assert (row["title"], row["genre"], row["voters"]) == ("Ship, Sky", "jazz", "2")
    assert ALICE not in (tmp_path / "out.csv").read_text()


def _exported(bot: Deployment, folder: Path) -> list[dict[str, str]]:
    out = folder / "out.csv"
    export.write(agree(read_votes(bot.address)).labels, out)
    written = out.read_text(encoding="utf-8")
    for hidden in (ALICE, BOB, PLACE.workspace, PLACE.platform):
        assert hidden not in written
    return list(csv.DictReader(io.StringIO(written)))
