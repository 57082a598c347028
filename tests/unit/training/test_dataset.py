"""The dataset: tables, labels, artists' genres and years in one frame."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from training import dataset
from training.dataset import load_dataset
from training.tables import ARTIST_GENRES, NAMES

Rewrite = Callable[[str, str, str], None]


@pytest.fixture
def rows(data: Path) -> pd.DataFrame:
    return load_dataset(data)


def by_title(rows: pd.DataFrame, column: str) -> dict[str, object]:
    """Return the first value of a column for each title."""
    return dict(rows.drop_duplicates("title").set_index("title")[column])


def test_rows_without_features_are_left_out(rows: pd.DataFrame) -> None:
    assert rows.loc[rows["table"] == "billboard", "title"].tolist() == ["First"]


def test_each_table_has_its_own_taxonomy(rows: pd.DataFrame) -> None:
    genres = {table: list(own["genre"]) for table, own in rows.groupby("table")}
    assert genres == {
        "fma": ["hip-hop", "rock", ""],
        "billboard": ["hip-hop"],
        "playlists": ["hip-hop", "latin"],
        "classic_hits": ["metal", ""],
        "music_genre": ["classical", "hip-hop"],
        "curated": ["reggae", "reggae", ""],
    }


def test_each_collection_of_curated_tracks_is_an_annotator(rows: pd.DataFrame) -> None:
    annotators = rows.loc[rows["table"] == "curated", "annotator"]
    assert annotators.tolist() == ["curated: one", "curated: two", "curated: one"]
    assert set(rows["annotator"]) == {*NAMES[:-1], "curated: one", "curated: two"}


def test_rare_labels_are_merged_by_annotator_and_genre(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert by_title(load_dataset(data), "label")["Third"] == "playlists: other latin"
    monkeypatch.setattr(dataset, "MIN_ROWS_PER_LABEL", 1)
    labels = by_title(load_dataset(data), "label")
    assert labels["Third"] == "playlists: latin/tropical"
    assert labels["Seventh"] == "curated: one: dub"


def test_row_without_label_has_none(rows: pd.DataFrame) -> None:
    assert rows.loc[rows["raw_labels"] == (), "label"].tolist() == [""]


def test_label_without_a_reading_is_still_a_label(rows: pd.DataFrame) -> None:
    assert by_title(rows, "label")["Eighth"] == "curated: one: other "
    assert by_title(rows, "genre")["Eighth"] == ""


def test_artists_genres_are_found_by_name_and_by_the_first_named_artist(rows: pd.DataFrame) -> None:
    genres = by_title(rows, "artist_genre")
    assert genres["First"] == genres["Eighth"] == "hip-hop"  # Slim; Slim & Guest
    assert by_title(rows, "artist_shares")["Eighth"] == {"hip-hop": 0.667, "pop": 0.333}


def test_sources_that_disagree_give_shares_alone(rows: pd.DataFrame) -> None:
    assert by_title(rows, "artist_genre")["Fourth"] == ""
    assert by_title(rows, "artist_shares")["Fourth"] == {"rock": 0.5, "metal": 0.5}


def test_name_that_matches_no_artist_has_no_genre(rows: pd.DataFrame) -> None:
    for title in ("Third", "Sixth"):  # an unknown artist, and none
        assert by_title(rows, "artist_genre")[title] == ""
        assert by_title(rows, "artist_shares")[title] is None


def test_whole_name_wins_over_the_first_named_artist(data: Path, rewrite: Rewrite) -> None:
    rewrite(
        "extra/artist_genres.csv", "oldie,,0.5,rock:0.5|metal:0.5", "slim and guest,pop,1,pop:1"
    )
    assert by_title(load_dataset(data), "artist_genre")["Eighth"] == "pop"


def test_dataset_without_the_table_of_artists_has_no_artists_genres(data: Path) -> None:
    (data / "extra/artist_genres.csv").unlink()
    rows = load_dataset(data, NAMES)
    assert set(rows["artist_genre"]) == {""}
    assert rows["artist_shares"].isna().all()


def test_columns_do_not_depend_on_the_tables(data: Path, rows: pd.DataFrame) -> None:
    some = load_dataset(data, ["fma", ARTIST_GENRES])
    assert some.columns.tolist() == rows.columns.tolist()
    assert some.dtypes.astype(str).to_dict() == rows.dtypes.astype(str).to_dict()


def test_year_is_a_number_or_missing(data: Path, rewrite: Rewrite) -> None:
    rewrite("extra/classic_hits.csv", "1962", "0")
    years = by_title(load_dataset(data), "year")
    assert (years["Fourth"], years["Third"], years["Seventh"]) == (1961, 2012, 1975)
    assert pd.isna([years["Fifth"], years["Eighth"]]).all()


def test_copies_in_several_tables_are_on_one_side(rows: pd.DataFrame) -> None:
    copies = rows[(rows["danceability"] == 0.7) & (rows["liveness"] == 0.1)]
    assert copies["table"].tolist() == ["billboard", "playlists", "music_genre"]
    assert len(set(copies["side"])) == 1
