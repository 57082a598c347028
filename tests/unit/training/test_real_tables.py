"""Properties of the dataset that only the real tables show."""

import json

import numpy as np
import pandas as pd
import pytest

from model.classifier import Classifier
from model.genres import WIDE
from model.percentiles import PERCENTILES
from model.schema import EXTRA
from model.store import BundleStore
from training.annotators import Annotators
from training.dataset import MIN_ROWS_PER_LABEL
from training.features import matrix, without
from training.held_out_songs import load_held_out_songs
from training.identity import artist_key, fingerprints, lead_artist_key, title_key
from training.percentiles import distinct, percentiles
from training.split import TEST_SHARE, Side
from training.subgenres import TABLES, load_labels

pytestmark = pytest.mark.training


def test_every_genre_has_rows_on_both_sides(real_rows: pd.DataFrame) -> None:
    for side in (Side.TRAIN, Side.TEST):
        counts = real_rows.loc[real_rows["side"] == side, "artist_genre"].value_counts()
        assert counts[list(WIDE)].min() >= 50
    assert (real_rows["side"] == Side.TEST).mean() == pytest.approx(TEST_SHARE, abs=0.02)


def test_no_artist_or_recording_is_on_both_sides(real_rows: pd.DataFrame) -> None:
    sides = {side: real_rows[real_rows["side"] == side] for side in (Side.TRAIN, Side.TEST)}
    artists = [set(rows["artist"].map(lead_artist_key)) - {""} for rows in sides.values()]
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
    real_rows: pd.DataFrame, every_row: pd.DataFrame
) -> None:
    ids = {song.id for song in load_held_out_songs().songs if song.id}
    recordings = set(fingerprints(every_row[every_row["id"].isin(ids)]))
    assert len(recordings) > 20
    assert not recordings & set(real_rows["recording"])


def test_label_has_one_annotator_and_one_reading(real_rows: pd.DataFrame) -> None:
    labelled = real_rows[real_rows["label"] != ""]
    distinct = labelled[["label", "annotator", "genre"]].drop_duplicates()
    assert not distinct["label"].duplicated().any()
    assert labelled["label"].value_counts().drop(merged(labelled)).min() >= MIN_ROWS_PER_LABEL


def merged(rows: pd.DataFrame) -> list[str]:
    """Return the labels that rare ones are merged into."""
    return [label for label in rows["label"].unique() if ": other " in label]


def test_most_songs_have_an_artist_whose_genre_is_known(real_rows: pd.DataFrame) -> None:
    known = (real_rows["artist_genre"] != "").groupby(real_rows["table"]).mean()
    assert known.drop("fma").min() > 0.6
    assert set(real_rows["artist_genre"]) == {*WIDE, ""}


def test_likelihoods_of_real_labels_are_above_zero(real_rows: pd.DataFrame) -> None:
    found = Annotators.fit(real_rows, WIDE).likelihood(real_rows)
    assert (found > 0).all()
    assert (found.max(axis=1) == 1).all()


def test_every_subgenre_has_songs_to_learn_from(real_rows: pd.DataFrame) -> None:
    labels = load_labels(WIDE)
    own = real_rows[real_rows["table"].isin(TABLES) & (real_rows["side"] == Side.TRAIN)]
    counts = own["raw_labels"].str[-1].map(labels.by_label).value_counts()
    named = [name for parent, name in labels.columns if name != parent]
    assert len(counts) == len(named)
    assert counts.min() > 100


def test_hiding_the_year_does_not_shift_genres(real_rows: pd.DataFrame) -> None:
    """Three tables have no year: a model that learnt this would shift towards their genres."""
    classifier = Classifier(BundleStore().load("wide"))
    values = matrix(real_rows[(real_rows["side"] == Side.TEST) & real_rows["year"].notna()])
    hidden = classifier.probabilities(without(values, ("year",)))
    shift = (hidden - classifier.probabilities(values)).mean(axis=0)
    assert np.abs(shift).max() < MAX_YEAR_SHIFT


MAX_YEAR_SHIFT = 0.01


def test_hiding_the_extra_features_does_not_shift_genres_by_table(real_rows: pd.DataFrame) -> None:
    """A model that recognises a table by its missing values would shift its predictions."""
    classifier = Classifier(BundleStore().load("wide"))
    test = real_rows[(real_rows["side"] == Side.TEST) & real_rows["loudness"].notna()]
    values = without(matrix(test), ("year",))
    hidden = classifier.probabilities(without(values, EXTRA)) - classifier.probabilities(values)
    shifts = pd.DataFrame(hidden).groupby(test["table"].to_numpy()).mean()
    assert len(shifts) == 5
    assert np.abs(shifts.to_numpy()).max() < MAX_SHIFT


MAX_SHIFT = 0.03


def test_committed_percentiles_match_the_tables(real_rows: pd.DataFrame) -> None:
    committed = json.loads(PERCENTILES.read_text(encoding="utf-8"))
    songs = distinct(real_rows)
    assert committed["songs"] == len(songs)
    assert committed["features"] == percentiles(songs)
