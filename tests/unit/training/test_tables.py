import math
from collections.abc import Callable
from pathlib import Path

import pytest

from model.schema import BY_NAME
from training.artist_genres import FILE as ARTIST_GENRES
from training.dataset import load_dataset
from training.errors import TableError
from training.tables import load_tables
from training.tables.readers import NAMED

Rewrite = Callable[[str, str, str], None]
ECHONEST = "fma_metadata/echonest.csv"
TRACKS = "fma_metadata/tracks.csv"
BILLBOARD = "tidytuesday/2021-09-14/audio_features.csv"
PLAYLISTS = "tidytuesday/2020-01-21/spotify_songs.csv"
HITS = "extra/classic_hits.csv"
MUSIC_GENRE = "extra/music_genre_named.csv"
CURATED = "extra/curated_tracks.csv"


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
    assert rows["artist"].tolist() == ["", "Slim"]


def test_music_genre_names_of_keys_and_modes_become_numbers(data: Path) -> None:
    rows = load_tables(data, ["music_genre"])
    assert rows["key"].tolist() == [6, 1]
    assert rows["mode"].tolist() == [0, 1]


def test_unknown_key_and_mode_are_missing(data: Path, rewrite: Rewrite) -> None:
    rewrite(MUSIC_GENRE, "F#", "?")
    rewrite(MUSIC_GENRE, "Minor", "")
    assert load_tables(data, ["music_genre"])[["key", "mode"]].loc[0].isna().all()


def test_key_names_are_in_the_order_of_the_schema() -> None:
    for name, values in NAMED.items():
        feature = BY_NAME[name]
        assert len(values) == feature.high - feature.low + 1
    assert NAMED["mode"][1] == "Major"


def test_curated_tracks_have_a_row_for_each_label_and_collection(data: Path) -> None:
    rows = load_tables(data, ["curated"])
    assert rows["id"].tolist() == ["id3", "id3", "id4"]
    assert rows["collection"].tolist() == ["one", "two", "one"]
    assert rows["raw_labels"].tolist() == [("dub",), ("reggae",), ("afrobeat",)]


def test_year_that_is_no_year_is_unknown(data: Path) -> None:
    assert load_tables(data, ["curated"])["year"].tolist() == ["1975", "", ""]


def test_order_of_tables_does_not_depend_on_the_order_of_names(data: Path) -> None:
    rows = load_tables(data, ["music_genre", "fma"])
    assert rows["table"].unique().tolist() == ["fma", "music_genre"]


COLUMNS = {
    ECHONEST: "energy",
    TRACKS: "genre_top",
    BILLBOARD: "spotify_genre",
    PLAYLISTS: "track_album_release_date",
    HITS: "Energy",
    MUSIC_GENRE: "instance_id",
    CURATED: "table",
    ARTIST_GENRES: "share",
}
"""A column of each file."""


def error_of(data: Path) -> str:
    """Return the message with which the dataset is refused."""
    with pytest.raises(TableError) as error:
        load_dataset(data)
    return str(error.value)


@pytest.mark.parametrize(("file", "column"), COLUMNS.items())
def test_renamed_column_is_reported_in_every_file(
    data: Path, rewrite: Rewrite, file: str, column: str
) -> None:
    rewrite(file, column, "other")
    message = error_of(data)
    assert message.startswith(f"{data / file}, line 1, column ")
    assert column in message
    assert message.endswith("the header has no such column")


@pytest.mark.parametrize("file", COLUMNS)
def test_truncated_file_is_reported_for_every_file(data: Path, file: str) -> None:
    (data / file).write_bytes((data / file).read_bytes().rstrip(b"\r\n")[:-1])
    assert error_of(data).startswith(f"{data / file}: ends in the middle of its last line")


@pytest.mark.parametrize("file", COLUMNS)
def test_missing_file_is_reported_for_every_file(data: Path, file: str) -> None:
    (data / file).unlink()
    assert error_of(data) == f"{data / file}: cannot be read: No such file or directory"


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        pytest.param(
            (HITS, "0.4,3", "much,3"), "line 2, column Energy: 'much' is not a", id="word"
        ),
        pytest.param((HITS, "0.4,3", "1.4,3"), "line 2, column Energy: '1.4' is not a", id="range"),
        pytest.param((HITS, "0.4,3", "0.4,3.5"), "line 2, column Key: '3.5' is not a", id="whole"),
        pytest.param((HITS, "0.4,3", "nan,3"), "line 2, column Energy: 'nan'", id="nan"),
        pytest.param((HITS, "0.4,3", "0.4,3,3"), "line 2: 17 cells where the header", id="cells"),
        pytest.param((HITS, "Fifth", '"Fifth'), "line 3: unexpected end of data", id="open quote"),
        pytest.param((ECHONEST, "5,0.04", "five,0.04"), "line 6, column track_id: 'five'", id="id"),
        pytest.param(
            (ECHONEST, "5,0.04", "2,0.04"),
            "line 6, column track_id: duplicate track_id '2', first on line 5",
            id="fma id twice",
        ),
        pytest.param(
            (TRACKS, "3,AWOL", "2,AWOL"),
            "line 5, column track_id: duplicate track_id '2', first on line 4",
            id="track twice",
        ),
        pytest.param(
            (MUSIC_GENRE, "F#", "H"), "line 2, column key: 'H' is not one of C, C#", id="key name"
        ),
        pytest.param(
            (MUSIC_GENRE, "Minor", "minor"), "line 2, column mode: 'minor' is not", id="mode name"
        ),
        pytest.param(
            (MUSIC_GENRE, "8,Slim", " 7,Slim"),
            "line 4, column instance_id: duplicate instance_id '7', first on line 2",
            id="song twice",
        ),
        pytest.param(
            (CURATED, "reggae,two", "dub,one"),
            "line 3, column spotify_id: "
            "duplicate spotify_id 'id3' with the same table and label, first on line 2",
            id="curated track twice",
        ),
        pytest.param((HITS, "0.4,3", "inf,3"), "line 2, column Energy: 'inf' is not", id="inf"),
        pytest.param(
            (CURATED, "1975", "75"), "line 2, column year: '75' is not a year", id="short year"
        ),
        pytest.param(
            (CURATED, "dub,one", "dub,"),
            "line 2, column table: '' is a missing value",
            id="no collection",
        ),
        pytest.param(
            (ARTIST_GENRES, "slim,hip-hop", "Slim,hip-hop"),
            "line 2, column artist: 'Slim' is not normalised",
            id="capital letter",
        ),
        pytest.param(
            (CURATED, "afrobeat", "polka"), "line 4, column label: the taxonomy does", id="label"
        ),
        pytest.param(
            (ARTIST_GENRES, "oldie", "slim"),
            "line 3, column artist: duplicate artist 'slim', first on line 2",
            id="artist",
        ),
        pytest.param(
            (ARTIST_GENRES, "slim,hip-hop", "slim,pop"),
            "line 2, column genre: pop contradicts the shares",
            id="contradiction",
        ),
    ],
)
def test_invalid_cell_is_reported_with_file_line_and_column(
    data: Path, rewrite: Rewrite, damage: tuple[str, str, str], message: str
) -> None:
    rewrite(*damage)
    assert error_of(data).startswith(f"{data / damage[0]}, {message}")


def test_same_id_in_another_collection_or_with_another_label_is_no_error(
    data: Path, rewrite: Rewrite
) -> None:
    rewrite(CURATED, "reggae,two", "reggae,one")
    rewrite(CURATED, "afrobeat,one", "afrobeat,two")
    rewrite(CURATED, "id4", "id3")
    assert load_tables(data, ["curated"])["id"].tolist() == ["id3"] * 3


def test_empty_and_binary_files_are_errors(data: Path) -> None:
    (data / HITS).write_bytes(b"")
    with pytest.raises(TableError, match="is empty"):
        load_tables(data, ["classic_hits"])
    (data / HITS).write_bytes(b"Track,\xff\n")
    with pytest.raises(TableError, match="is not UTF-8 text"):
        load_tables(data, ["classic_hits"])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_file_in_utf_16_is_said_not_to_be_utf_8(data: Path, encoding: str) -> None:
    path = data / HITS
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    with pytest.raises(TableError, match="is not UTF-8 text"):
        load_tables(data, ["classic_hits"])


@pytest.mark.parametrize("value", ["inf", "-inf", "1e999", "-1e999", "1e30"])
@pytest.mark.parametrize("column", ["Tempo", "Loudness", "Duration"])
def test_number_that_no_recording_has_is_refused(data: Path, column: str, value: str) -> None:
    path = data / HITS
    header, first, *others = path.read_text(encoding="utf-8").splitlines()
    cells = first.split(",")
    cells[header.split(",").index(column)] = value
    path.write_text("\n".join([header, ",".join(cells), *others, ""]), encoding="utf-8")
    with pytest.raises(TableError, match=f"line 2, column {column}: '{value}' is not a valid"):
        load_tables(data, ["classic_hits"])


@pytest.mark.parametrize(("file", "column"), [(HITS, "Energy"), (CURATED, "table")])
def test_column_that_the_header_names_twice_is_refused(data: Path, file: str, column: str) -> None:
    path = data / file
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    lines = [f"{header},{column}", *(f"{row},0.5" for row in rows), ""]
    path.write_text("\n".join(lines), encoding="utf-8")
    message = f"{path}, line 1, column {column}: the header has this column 2 times"
    assert error_of(data) == message


def test_table_without_rows_is_an_error(data: Path) -> None:
    path = data / HITS
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    with pytest.raises(TableError, match="has no rows"):
        load_tables(data, ["classic_hits"])
