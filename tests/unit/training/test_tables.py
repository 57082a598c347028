import math
from collections.abc import Callable
from pathlib import Path

import pytest

from training.errors import TableError
from training.tables import load_tables

Rewrite = Callable[[str, str, str], None]
ECHONEST = "fma_metadata/echonest.csv"
TRACKS = "fma_metadata/tracks.csv"
BILLBOARD = "tidytuesday/2021-09-14/audio_features.csv"
PLAYLISTS = "tidytuesday/2020-01-21/spotify_songs.csv"
HITS = "extra/classic_hits.csv"
MUSIC_GENRE = "extra/prediction_of_music_genre.csv"


def test_fma_header_lines_are_joined(data: Path) -> None:
    rows = load_tables(data, ["fma"])
    assert rows["energy"].tolist() == [0.63, 0.70, 0.30]
    assert rows["artist"].tolist() == ["AWOL", "", "Blue, Band"]
    assert rows["raw_labels"].tolist() == [("Hip-Hop",), ("Rock",), ()]
    assert rows["loudness"].isna().all()


def test_tempo_of_zero_is_missing(data: Path) -> None:
    assert math.isnan(load_tables(data, ["fma"])["tempo"][1])


def test_fma_tracks_without_artist_are_grouped_by_consecutive_ids(
    data: Path, rewrite: Rewrite
) -> None:
    rewrite(TRACKS, "AWOL", "")
    rewrite(TRACKS, '"Blue, Band"', "")
    rewrite(ECHONEST, "11,0.95", "16,0.95")
    rewrite(TRACKS, "11,,,", "16,,,")
    upload = load_tables(data, ["fma"])["upload"]
    assert upload[0] == upload[1] != ""
    assert upload[2] not in ("", upload[0])


def test_fma_track_without_an_entry_is_named(data: Path, rewrite: Rewrite) -> None:
    rewrite(TRACKS, "5,,Rock,\r\n", "")
    with pytest.raises(TableError, match=r"echonest\.csv, line 6, column track_id: track 5 "):
        load_tables(data, ["fma"])


def test_billboard_genre_list_is_parsed_and_na_is_empty(data: Path) -> None:
    rows = load_tables(data, ["billboard"])
    assert rows["raw_labels"].tolist() == [("detroit hip hop", "rap", "pop"), ()]
    assert rows["id"].tolist() == ["id1", ""]
    assert math.isnan(rows["energy"][1])


def test_invalid_genre_list_is_named(data: Path, rewrite: Rewrite) -> None:
    rewrite(BILLBOARD, "['detroit hip hop', 'rap', 'pop']", "[detroit")
    with pytest.raises(
        TableError, match=r"line 2, column spotify_genre: '\[detroit' is not a list"
    ):
        load_tables(data, ["billboard"])


def test_playlists_have_genre_subgenre_and_album_year(data: Path) -> None:
    rows = load_tables(data, ["playlists"])
    assert rows["raw_labels"].tolist() == [("rap", "gangster rap"), ("latin", "tropical")]
    assert rows["year"].tolist() == ["2019", "2012"]
    assert rows["key"].tolist() == [1.0, 11.0]


def test_spaces_around_a_classic_hits_genre_are_stripped(data: Path) -> None:
    assert load_tables(data, ["classic_hits"])["raw_labels"].tolist() == [("Metal",), ("World",)]


def test_music_genre_placeholders_are_missing_and_empty_rows_skipped(data: Path) -> None:
    rows = load_tables(data, ["music_genre"])
    assert len(rows) == 2
    assert math.isnan(rows["tempo"][0])
    assert math.isnan(rows["duration_ms"][0])
    assert rows["line"].tolist() == [2, 4]


def test_order_of_tables_does_not_depend_on_the_order_of_names(data: Path) -> None:
    rows = load_tables(data, ["music_genre", "fma"])
    assert rows["table"].unique().tolist() == ["fma", "music_genre"]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        pytest.param(
            (HITS, "Energy", "Enrgy"), "line 1, column Energy: the header has", id="column"
        ),
        pytest.param(
            (HITS, "0.4,3", "much,3"), "line 2, column Energy: 'much' is not a valid en", id="word"
        ),
        pytest.param(
            (HITS, "0.4,3", "1.4,3"), "line 2, column Energy: '1.4' is not a valid ener", id="range"
        ),
        pytest.param(
            (HITS, "0.4,3", "0.4,3.5"), "line 2, column Key: '3.5' is not a valid key", id="whole"
        ),
        pytest.param((HITS, "0.4,3", "nan,3"), "line 2, column Energy: 'nan'", id="nan"),
        pytest.param(
            (HITS, "0.4,3", "0.4,3,3"), "line 2: 17 cells where the header has", id="cells"
        ),
        pytest.param(
            (HITS, "World\n", "Wo"), "ends in the middle of its last line", id="truncated"
        ),
        pytest.param((HITS, "Fifth", '"Fifth'), "line 3: unexpected end of data", id="open quote"),
        pytest.param((ECHONEST, "5,0.04", "five,0.04"), "line 6, column track_id: 'five'", id="id"),
    ],
)
def test_invalid_cell_is_reported_with_file_line_and_column(
    data: Path, rewrite: Rewrite, damage: tuple[str, str, str], message: str
) -> None:
    rewrite(*damage)
    with pytest.raises(TableError) as error:
        load_tables(data)
    assert Path(damage[0]).name in str(error.value)
    assert message in str(error.value)


def test_missing_table_is_named(data: Path) -> None:
    (data / HITS).unlink()
    with pytest.raises(TableError, match=r"classic_hits\.csv: cannot be read: No such file"):
        load_tables(data)


def test_empty_and_binary_files_are_errors(data: Path) -> None:
    (data / HITS).write_bytes(b"")
    with pytest.raises(TableError, match="is empty"):
        load_tables(data, ["classic_hits"])
    (data / HITS).write_bytes(b"Track,\xff\n")
    with pytest.raises(TableError, match="is not UTF-8 text"):
        load_tables(data, ["classic_hits"])


def test_table_without_rows_is_an_error(data: Path) -> None:
    path = data / HITS
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    with pytest.raises(TableError, match="has no rows"):
        load_tables(data, ["classic_hits"])
