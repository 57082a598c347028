"""Contract of VotedSongs, for databases and the fake."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.domain.model_comparison import VotedSong, VotedSongs
from bot.domain.tracks import Track
from bot.domain.votes import VoteKind
from bot.platforms.web.ids import PUBLIC_PLACE
from bot.storage.engine import open_database
from bot.storage.voted_songs import SqlVotedSongs
from tests.contract.all_stores import Stores, fake_stores, sql_stores
from tests.support.factories import sound_answer
from tests.support.fake_stores import FakePredictionStore, FakeVoteStore
from tests.support.fake_voted_songs import FakeVotedSongs
from tests.support.migrated_sqlite import migrated_sqlite
from tests.support.store_values import (
    ALICE,
    BOB,
    FOLK,
    JAZZ,
    OTHER_PLACE,
    OTHER_TRACK,
    PLACE,
    TRACK,
)

VALUES = {"danceability": 0.5, "energy": 0.25, "valence": 0.75, "tempo": 120.0}
MORE = {"danceability": 0.5, "energy": 0.5, "valence": 0.75, "tempo": 120.0, "key": 3.0}


@dataclass(frozen=True)
class Voted:
    stores: Stores
    songs: VotedSongs


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
async def voted(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Voted]:
    if request.param == "fake":
        fakes = fake_stores()
        assert isinstance(fakes.predictions, FakePredictionStore)
        assert isinstance(fakes.votes, FakeVoteStore)
        yield Voted(fakes, FakeVotedSongs(fakes.predictions, fakes.votes))
        return
    if request.param == "sqlite":
        address = migrated_sqlite(tmp_path / "soundslike.db")
    else:
        address = request.getfixturevalue("postgres").migrated()
    async with open_database(address) as database:
        yield Voted(sql_stores(database), SqlVotedSongs(database))


async def test_votes_are_counted_by_song_and_genre(voted: Voted) -> None:
    card = await voted.stores.add_card(TRACK, "country", PLACE, **VALUES)
    elsewhere = await voted.stores.add_card(TRACK, "country", OTHER_PLACE, **VALUES)
    other = await voted.stores.add_card(OTHER_TRACK, "rock", PLACE, **VALUES)
    for one, choice, user in (
        (card, JAZZ, ALICE),
        (elsewhere, JAZZ, BOB),
        (card, FOLK, "c" * 32),
        (other, FOLK, ALICE),
    ):
        await voted.stores.vote(one, choice, user)
    assert await voted.songs.all(public=False) == [
        VotedSong("Heroes — David Bowie", {"folk": 1}, VALUES),
        VotedSong(
            "Old Town Road - Remix — Lil Nas X, Billy Ray Cyrus",
            {"jazz": 2, "folk": 1},
            VALUES | {"year": 2019.0},
        ),
    ]


async def test_features_are_those_measured_last(voted: Voted) -> None:
    card = await voted.stores.add_card(OTHER_TRACK, "rock", PLACE, **VALUES)
    await voted.stores.vote(card, JAZZ)
    await voted.stores.add_card(OTHER_TRACK, "rock", PLACE, **MORE)
    (song,) = await voted.songs.all(public=False)
    assert song.features == MORE


async def test_songs_without_enough_features_and_sound_files_are_left_out(voted: Voted) -> None:
    few = await voted.stores.add_card(TRACK, "country", energy=0.5, key=3, loudness=-5)
    await voted.stores.vote(few, JAZZ)
    sound = await voted.stores.predictions.add(sound_answer(Track(sound_id="0" * 32)), PLACE)
    await voted.stores.vote(sound, (VoteKind.CHOICE, "latin"))
    measured = await voted.stores.add_card(Track(sound_id="1" * 32), "rock", PLACE, **VALUES)
    await voted.stores.vote(measured, JAZZ)
    assert await voted.songs.all(public=False) == []


async def test_votes_of_a_public_page_count_only_if_asked_for(voted: Voted) -> None:
    page = await voted.stores.add_card(OTHER_TRACK, "rock", PUBLIC_PLACE, **VALUES)
    await voted.stores.vote(page, JAZZ)
    assert await voted.songs.all(public=False) == []
    (song,) = await voted.songs.all(public=True)
    assert song.votes == {"jazz": 1}


async def test_a_track_without_a_title_is_named_by_its_key(voted: Voted) -> None:
    card = await voted.stores.add_card(Track("0" * 22), "rock", PLACE, **VALUES)
    await voted.stores.vote(card, JAZZ)
    (song,) = await voted.songs.all(public=False)
    assert song.song == "0" * 22


async def test_a_vote_taken_back_does_not_count(voted: Voted) -> None:
    card = await voted.stores.add_card(OTHER_TRACK, "rock", PLACE, **VALUES)
    await voted.stores.vote(card, JAZZ)
    await voted.stores.vote(card, JAZZ, added=False)
    assert await voted.songs.all(public=False) == []
