"""The embedded catalogue: famous songs that are answered offline."""

import json
from pathlib import Path

import pytest

from bot.sources import embedded_songs
from bot.sources.embedded_songs import EmbeddedSongs
from bot.texts import SOURCES
from model.genres import WIDE
from model.schema import NAMES, count_core
from tests.support.factories import HEROES, OLD_TOWN_ROAD


@pytest.fixture(scope="module")
def songs() -> tuple[embedded_songs.EmbeddedSong, ...]:
    return embedded_songs.load()


@pytest.fixture(scope="module")
def catalog(songs: tuple[embedded_songs.EmbeddedSong, ...]) -> EmbeddedSongs:
    return EmbeddedSongs(songs)


def test_about_thirty_songs_cover_every_genre_that_the_tables_can(
    songs: tuple[embedded_songs.EmbeddedSong, ...],
) -> None:
    not_covered = json.loads(embedded_songs.SONGS.read_text(encoding="utf-8"))["not_covered"]
    assert 28 <= len(songs) <= 45
    assert {song.genre for song in songs} | set(not_covered) == set(WIDE)
    assert not {song.genre for song in songs} & set(not_covered)
    assert all(not_covered.values())


def test_every_song_is_whole_and_is_found_by_its_id_or_name(
    songs: tuple[embedded_songs.EmbeddedSong, ...],
) -> None:
    assert len({song.track.key for song in songs}) == len(songs)
    for song in songs:
        assert song.track.title
        assert song.track.artists
        assert count_core(song.features.values) == 8
        assert set(song.features.values) <= set(NAMES)
        assert song.features.source in SOURCES
        assert song.track.spotify_id is None or len(song.track.spotify_id) == 22


async def test_every_song_is_found_by_what_people_type(
    songs: tuple[embedded_songs.EmbeddedSong, ...], catalog: EmbeddedSongs
) -> None:
    for song in songs:
        typed = f"{song.track.title} - {song.track.artists[0]}".lower()
        found = await catalog.search(typed)
        assert song.track in found, typed
        assert await catalog.features(song.track) == song.features


@pytest.mark.parametrize(
    ("typed", "track_id"),
    [
        ("old town road", OLD_TOWN_ROAD),
        ("Lil Nas X - Old Town Road", OLD_TOWN_ROAD),
        ("OLD TOWN ROAD lil nas x", OLD_TOWN_ROAD),
        ("heroes", HEROES),
        ("“Heroes” \u2013 David Bowie", HEROES),
        ("crazy in love beyonce", "5IVuqXILoxVWvWEPm82Jxr"),
        ("humble", "7KXjTSCq5nL1LoYtL7XAwS"),
        ("Old Town Road Lil Nas X Billy Ray Cyrus", OLD_TOWN_ROAD),
        ("smells like teen", "5ghIJDpPoe3CfHMGu71E6T"),
    ],
)
async def test_titles_are_found_however_they_are_typed(
    catalog: EmbeddedSongs, typed: str, track_id: str
) -> None:
    assert (await catalog.search(typed))[0].id == track_id


@pytest.mark.parametrize(
    "typed", ["", "   ", "!?", "a song that is not there", "\x00", "in", "the", "road lil"]
)
async def test_what_is_not_there_is_not_found(catalog: EmbeddedSongs, typed: str) -> None:
    assert list(await catalog.search(typed)) == []


async def test_only_the_fuzzy_catalogue_finds_what_is_misspelt(
    songs: tuple[embedded_songs.EmbeddedSong, ...], catalog: EmbeddedSongs
) -> None:
    fuzzy = EmbeddedSongs(songs, fuzzy=True)
    assert list(await catalog.search("bohemian rapsody")) == []
    for typed, title in (
        ("bohemian rapsody", "Bohemian Rhapsody"),
        ("heros", "Heroes"),
        ("hereos david bowie", "Heroes"),
        ("kendrick lamar", "HUMBLE"),
    ):
        assert (await fuzzy.search(typed))[0].title.startswith(title), typed
    assert list(await fuzzy.search("a song that is not there")) == []


def test_a_damaged_file_is_an_error_that_names_the_song(tmp_path: Path) -> None:
    (tmp_path / "songs.json").write_text('{"songs": [{"title": "x"}]}')
    with pytest.raises(ValueError, match="'title': 'x'"):
        embedded_songs.load(tmp_path / "songs.json")
