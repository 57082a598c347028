import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from model.genres import WIDE
from model.schema import NAMES, read_all
from training import embedded_songs, held_out_songs
from training.embedded_songs import EMBEDDED_SONGS, write_embedded_songs
from training.errors import SongNotFound
from training.held_out_songs import HeldOutSong, HeldOutSongs, is_held_out, load_held_out_songs

SONGS = (HeldOutSong("rock", "playlists", "Bob Marley & The Wailers", "One - 2011 Remaster"),)


def rows(*entries: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(entries, columns=["artist", "title", "recording"])


@pytest.mark.parametrize(
    ("artist", "title"),
    [
        ("Bob Marley & The Wailers", "One - 2011 Remaster"),
        ("Bob Marley", "One (Live)"),
        ("bob marley and the wailers", "ONE"),
        ("Bob Marley feat. Somebody", "One [Dub]"),
    ],
)
def test_every_version_of_a_held_out_song_matches(artist: str, title: str) -> None:
    assert is_held_out(rows((artist, title, 0.1)), SONGS).tolist() == [True]


def test_copies_of_the_recording_under_other_names_match() -> None:
    given = rows(("Bob Marley", "One", 0.1), ("", "", 0.1), ("DJ", "Mix", 0.1), ("", "", 0.2))
    assert is_held_out(given, SONGS).tolist() == [True, True, True, False]


def test_other_songs_and_other_artists_do_not_match() -> None:
    given = rows(("Bob Marley", "Two", 0.1), ("Bobby", "One", 0.2), ("", "One", 0.3))
    assert not is_held_out(given, SONGS).any()


def test_list_covers_every_genre_or_gives_a_reason() -> None:
    listed = load_held_out_songs()
    counts = pd.Series([song.genre for song in listed.songs]).value_counts()
    assert set(counts.index) | set(listed.not_covered) == set(WIDE)
    assert counts.min() >= 2


@pytest.fixture
def one_song(monkeypatch: pytest.MonkeyPatch) -> Callable[[HeldOutSong], None]:
    def use(song: HeldOutSong) -> None:
        monkeypatch.setattr(
            embedded_songs, "load_held_out_songs", lambda: HeldOutSongs((song,), {"folk": "-"})
        )

    return use


def test_values_of_a_song_are_those_of_its_table(
    data: Path, one_song: Callable[[HeldOutSong], None], tmp_path: Path
) -> None:
    one_song(HeldOutSong("hip-hop", "billboard", "Slim", "First", "id1"))
    write_embedded_songs(data, tmp_path / "songs.json")
    content = json.loads((tmp_path / "songs.json").read_text(encoding="utf-8"))
    (song,) = content["songs"]
    assert content["format"] == 1
    assert content["not_covered"] == {"folk": "-"}
    assert (song["title"], song["artists"], song["id"]) == ("First", ["Slim"], "id1")
    assert song["source"] == "billboard"
    assert tuple(song["features"]) == NAMES
    assert song["year"] == 2019  # the playlists table has it


def test_unknown_id_is_null(
    data: Path, one_song: Callable[[HeldOutSong], None], tmp_path: Path
) -> None:
    one_song(HeldOutSong("metal", "classic_hits", "Oldie", "Fourth"))
    write_embedded_songs(data, tmp_path / "songs.json")
    (song,) = json.loads((tmp_path / "songs.json").read_text(encoding="utf-8"))["songs"]
    assert song["id"] is None
    assert song["year"] == 1961


def test_song_missing_in_its_table_is_named(
    data: Path, one_song: Callable[[HeldOutSong], None], tmp_path: Path
) -> None:
    one_song(HeldOutSong("metal", "billboard", "Slim", "Missing", "id9"))
    with pytest.raises(SongNotFound, match="table billboard has no 'Missing' by Slim with id id9"):
        write_embedded_songs(data, tmp_path / "songs.json")


def test_committed_embedded_songs_are_complete_and_valid() -> None:
    content = json.loads(EMBEDDED_SONGS.read_text(encoding="utf-8"))
    songs = content["songs"]
    assert "2YpeDb67231RjR0MgVLzsG" in {song["id"] for song in songs}
    assert any(song["id"] is None for song in songs)
    assert len(songs) == len(held_out_songs.load_held_out_songs().songs)
    for song in songs:
        assert read_all(song["features"]) == song["features"]
        assert song["genre"] in WIDE


@pytest.mark.training
def test_committed_embedded_songs_match_the_tables(
    tables: Path, every_row: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_songs, "load_tables", lambda _: every_row.copy())
    write_embedded_songs(tables, tmp_path / "songs.json")
    assert (tmp_path / "songs.json").read_bytes() == EMBEDDED_SONGS.read_bytes()
