"""The embedded songs and their search."""

import json
from pathlib import Path

import pytest

from bot.domain.filing import FiledUnder, file
from bot.domain.song_query import SongQuery
from bot.sources import embedded_songs
from bot.sources.embedded_songs import EmbeddedSongs
from bot.texts import SOURCES
from model.genres import WIDE
from model.schema import NAMES, count_core
from model.tag_taxonomy import load_taxonomy
from tests.support.factories import HEROES, OLD_TOWN_ROAD, VALUES, track


@pytest.fixture(scope="module")
def songs() -> tuple[embedded_songs.EmbeddedSong, ...]:
    return embedded_songs.load()


@pytest.fixture(scope="module")
def embedded(songs: tuple[embedded_songs.EmbeddedSong, ...]) -> EmbeddedSongs:
    return EmbeddedSongs(songs)


def test_songs_cover_every_genre_except_the_listed_ones(
    songs: tuple[embedded_songs.EmbeddedSong, ...],
) -> None:
    not_covered = json.loads(embedded_songs.SONGS.read_text(encoding="utf-8"))["not_covered"]
    assert 28 <= len(songs) <= 45
    assert {song.genre for song in songs} | set(not_covered) == set(WIDE)
    assert not {song.genre for song in songs} & set(not_covered)
    assert all(not_covered.values())


def test_every_song_has_names_valid_features_and_a_unique_key(
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


def test_year_is_read_and_an_implausible_one_is_unknown(tmp_path: Path) -> None:
    years = {"a": 1975, "b": None, "c": 0, "d": 2999, "e": "0000"}
    song = {"id": None, "artists": ["X"], "genre": "rock", "features": dict(VALUES)}
    songs = [song | {"title": title, "year": year} for title, year in years.items()]
    (tmp_path / "songs.json").write_text(json.dumps({"songs": songs}))
    found = [song.track.year for song in embedded_songs.load(tmp_path / "songs.json")]
    assert found == [1975, None, None, None, None]


async def test_every_song_is_filed_by_the_tables(
    songs: tuple[embedded_songs.EmbeddedSong, ...], embedded: EmbeddedSongs
) -> None:
    taxonomy = load_taxonomy()
    for song in songs:
        tags = await embedded.tags(song.track)
        assert tags, song.track.title
        filed = file(tags, taxonomy)
        assert filed == FiledUnder(tuple(tag.name for tag in tags.tags), "tables")
        assert filed.source in SOURCES
    assert await embedded.tags(track("another")) is None


async def test_old_town_road_is_filed_under_hip_hop_and_country(embedded: EmbeddedSongs) -> None:
    tags = await embedded.tags(track(OLD_TOWN_ROAD))
    assert tags
    assert [tag.name for tag in tags.tags] == ["hip-hop", "country"]


def test_filed_genres_that_are_malformed_are_quoted(tmp_path: Path) -> None:
    names = {"id": None, "title": "T", "artists": ["A"], "genre": "rock"}
    song: dict[str, object] = {**names, "features": dict(VALUES), "filed_under": ["x"]}
    (tmp_path / "songs.json").write_text(json.dumps({"songs": [song]}))
    with pytest.raises(ValueError, match=r"not filed: \['x'\]"):
        embedded_songs.load(tmp_path / "songs.json")


async def test_every_song_is_found_by_title_and_artist(
    songs: tuple[embedded_songs.EmbeddedSong, ...], embedded: EmbeddedSongs
) -> None:
    for song in songs:
        query = f"{song.track.title} - {song.track.artists[0]}".lower()
        found = await embedded.search(SongQuery(query))
        assert song.track in found, query
        (measured,) = await embedded.measure([song.track])
        assert measured is not None
        assert measured.features == song.features


@pytest.mark.parametrize(
    ("query", "track_id"),
    [
        ("old town road", OLD_TOWN_ROAD),
        ("Lil Nas X - Old Town Road", OLD_TOWN_ROAD),
        ("OLD TOWN ROAD lil nas x", OLD_TOWN_ROAD),
        ("heroes", HEROES),
        ("“Heroes” \u2013 David Bowie", HEROES),
        ("crazy in love beyonce", "5IVuqXILoxVWvWEPm82Jxr"),
        ("humble", "7KXjTSCq5nL1LoYtL7XAwS"),
        ("Old Town Road Lil Nas X Billy Ray Cyrus", OLD_TOWN_ROAD),
        ("no woman no cry live", "423hwXFgoN8RYmqLoLuVvY"),
    ],
)
async def test_search_ignores_case_accents_punctuation_and_word_order(
    embedded: EmbeddedSongs, query: str, track_id: str
) -> None:
    assert (await embedded.search(SongQuery(query)))[0].spotify_id == track_id


@pytest.mark.parametrize(
    "query",
    [
        *("", "   ", "!?", "a song that does not exist", "\x00", "in", "the", "road lil"),
        *("heroes live", "jolene cover", "johnny cash", "smells like teen", "hurt johnny cash"),
    ],
)
async def test_search_without_a_match_is_empty(embedded: EmbeddedSongs, query: str) -> None:
    assert list(await embedded.search(SongQuery(query))) == []


async def test_only_fuzzy_search_finds_misspelt_names(
    songs: tuple[embedded_songs.EmbeddedSong, ...], embedded: EmbeddedSongs
) -> None:
    fuzzy = EmbeddedSongs(songs, fuzzy=True)
    assert list(await embedded.search(SongQuery("bohemian rapsody"))) == []
    for query, title in (
        ("bohemian rapsody", "Bohemian Rhapsody"),
        ("heros", "Heroes"),
        ("hereos david bowie", "Heroes"),
        ("kendrick lamar", "HUMBLE"),
        ("smells like teen", "Smells Like Teen Spirit"),
        ("bohem", "Bohemian Rhapsody"),
    ):
        assert (await fuzzy.search(SongQuery(query)))[0].title.startswith(title), query
    assert list(await fuzzy.search(SongQuery("a song that does not exist"))) == []


def test_invalid_file_raises_an_error_that_quotes_the_song(tmp_path: Path) -> None:
    (tmp_path / "songs.json").write_text('{"songs": [{"title": "x"}]}')
    with pytest.raises(ValueError, match="'title': 'x'"):
        embedded_songs.load(tmp_path / "songs.json")
