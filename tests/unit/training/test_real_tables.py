"""Properties of the dataset that only the real tables show."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.classifier import Classifier
from model.genres import WIDE
from model.schema import EXTRA
from model.store import BundleStore
from training.features import matrix, without
from training.held_out_songs import load_held_out_songs
from training.identity import artist_key, fingerprints, title_key
from training.split import TEST_SHARE, Side
from training.tables import load_tables

pytestmark = pytest.mark.training


def test_every_genre_has_rows_on_both_sides(real_rows: pd.DataFrame) -> None:
    for side in (Side.TRAIN, Side.TEST):
        counts = real_rows.loc[real_rows["side"] == side, "genre"].value_counts()
        assert counts[list(WIDE)].min() >= 50
    assert (real_rows["side"] == Side.TEST).mean() == pytest.approx(TEST_SHARE, abs=0.02)


def test_no_artist_or_recording_is_on_both_sides(real_rows: pd.DataFrame) -> None:
    sides = {side: real_rows[real_rows["side"] == side] for side in (Side.TRAIN, Side.TEST)}
    artists = [set(rows["artist"].map(artist_key)) - {""} for rows in sides.values()]
    assert not artists[0] & artists[1]
    recordings = [set(rows["recording"]) for rows in sides.values()]
    assert not recordings[0] & recordings[1]


def test_held_out_songs_are_not_in_the_dataset(real_rows: pd.DataFrame) -> None:
    held_out = {
        (artist_key(song.artist), title_key(song.title)) for song in load_held_out_songs().songs
    }
    artists, titles = real_rows["artist"].map(artist_key), real_rows["title"].map(title_key)
    assert not held_out & set(zip(artists, titles, strict=True))
    assert "2YpeDb67231RjR0MgVLzsG" not in set(real_rows["id"])


def test_copies_of_held_out_songs_are_not_in_the_dataset(
    real_rows: pd.DataFrame, tables: Path
) -> None:
    every = load_tables(tables)
    ids = {song.id for song in load_held_out_songs().songs if song.id}
    recordings = set(fingerprints(every[every["id"].isin(ids)]))
    assert len(recordings) > 20
    assert not recordings & set(real_rows["recording"])


def test_all_rows_with_a_fine_label_have_one_genre(real_rows: pd.DataFrame) -> None:
    assert not real_rows[["fine_label", "genre"]].drop_duplicates()["fine_label"].duplicated().any()


def test_hiding_the_extra_features_does_not_shift_genres_by_table(real_rows: pd.DataFrame) -> None:
    """A model that recognises a table by its missing values would shift its predictions."""
    classifier = Classifier(BundleStore().load("wide"))
    test = real_rows[(real_rows["side"] == Side.TEST) & real_rows["loudness"].notna()]
    values = matrix(test)
    hidden = classifier.probabilities(without(values, EXTRA)) - classifier.probabilities(values)
    shifts = pd.DataFrame(hidden).groupby(test["table"].to_numpy()).mean()
    assert len(shifts) == 4
    assert np.abs(shifts.to_numpy()).max() < MAX_SHIFT


MAX_SHIFT = 0.03
