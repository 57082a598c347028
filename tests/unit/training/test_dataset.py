from pathlib import Path

import pandas as pd
import pytest

from training.dataset import load_dataset


@pytest.fixture
def rows(data: Path) -> pd.DataFrame:
    return load_dataset(data)


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
    }


def test_rare_fine_labels_are_merged_by_table_and_genre(rows: pd.DataFrame) -> None:
    assert rows.loc[rows["title"] == "Third", "fine_label"].item() == "playlists: latin"


def test_copies_in_several_tables_are_on_one_side(rows: pd.DataFrame) -> None:
    copies = rows[(rows["danceability"] == 0.7) & (rows["liveness"] == 0.1)]
    assert copies["table"].tolist() == ["billboard", "playlists", "music_genre"]
    assert len(set(copies["side"])) == 1
