"""What the networks learn from each row."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.unit.training.made_up import BY_LABEL, GENRES, TASK
from training.annotators import Annotators
from training.identity import ROWS_PER_ARTIST
from training.tables import FEEDBACK
from training.targets import NO_LABEL, targets, training_rows


def test_noisy_labels_are_likelihoods(made_up: pd.DataFrame) -> None:
    found = targets(made_up, TASK).likelihood
    assert np.array_equal(found, Annotators.fit(made_up, GENRES).likelihood(made_up))
    assert len(np.unique(found, axis=0)) > 10


def test_hard_labels_are_the_tables_readings(made_up: pd.DataFrame) -> None:
    found = targets(made_up, TASK, "hard").likelihood
    assert (found.sum(axis=1) == 1).all()
    assert (np.asarray(GENRES)[found.argmax(axis=1)] == made_up["genre"]).all()


def test_without_artists_labels_are_hard(made_up_rows: pd.DataFrame) -> None:
    rows = made_up_rows.assign(artist_genre="", artist_shares=None)
    assert np.array_equal(targets(rows, TASK).likelihood, targets(rows, TASK, "hard").likelihood)


def test_hard_row_without_a_reading_says_nothing(made_up: pd.DataFrame) -> None:
    some = replace(BY_LABEL, genres=("rock", "hip-hop"))
    found = targets(made_up, some).likelihood
    read = some.labelled(made_up).to_numpy()
    assert (found[~read] == 1).all()
    assert (found[read].sum(axis=1) == 1).all()


def test_labels_are_numbered_with_their_annotators(made_up_rows: pd.DataFrame) -> None:
    made_up_rows.loc[0, "label"] = ""
    found = targets(made_up_rows, TASK)
    names = sorted(set(made_up_rows["label"]) - {""})
    annotators = sorted(set(made_up_rows["annotator"]))
    assert found.label[0] == NO_LABEL
    assert [names[one] for one in found.label[1:]] == made_up_rows["label"][1:].tolist()
    assert (found.label_annotator[found.label[1:]] == found.annotator[1:]).all()
    assert [annotators[one] for one in found.annotator] == made_up_rows["annotator"].tolist()


def weights_of(artists: list[str], weight: list[int] | None = None) -> list[float]:
    """Return the weights of rows by these artists, relative to the last one."""
    rows = pd.DataFrame({"artist": artists}).assign(
        label="", annotator="a", table="fma", genre="", artist_genre="", artist_shares=None
    )
    found = targets(rows if weight is None else rows.assign(weight=weight), TASK).weight
    assert found.mean() == pytest.approx(1)
    return [float(one) for one in found / found[-1]]


@pytest.mark.parametrize(
    ("songs", "weight"),
    [(1, 1.0), (ROWS_PER_ARTIST, 1.0), (2 * ROWS_PER_ARTIST, 0.5**0.5), (32, 0.5), (128, 0.25)],
)
def test_weight_falls_with_the_root_of_an_artists_rows(songs: int, weight: float) -> None:
    assert weights_of(["Abba"] * songs + ["X"])[:-1] == pytest.approx([weight] * songs)


def test_artist_is_the_first_named_one() -> None:
    assert weights_of(["Abba"] * 16 + ["The Abba & Cher"] * 16 + ["X"])[0] == pytest.approx(0.5)


def test_rows_without_an_artist_are_not_counted_together() -> None:
    assert weights_of([""] * 32 + ["X"]) == pytest.approx([1.0] * 33)


def test_weight_of_a_row_multiplies() -> None:
    assert weights_of(["Y", "", "X"], weight=[5, 2, 1]) == pytest.approx([5, 2, 1])


def test_copies_with_one_label_and_artist_are_left_out(made_up: pd.DataFrame) -> None:
    first = made_up.iloc[[0]]
    another = first.assign(label="billboard: pop")
    rows = pd.concat([made_up, first, another], ignore_index=True)
    assert training_rows(rows).index.tolist() == [*range(len(made_up)), len(made_up) + 1]


def test_correction_from_the_chat_is_no_copy_of_a_row_without_a_label(
    made_up: pd.DataFrame,
) -> None:
    unlabelled = made_up.iloc[[0]].assign(label="")
    rows = pd.concat([unlabelled, unlabelled.assign(table=FEEDBACK)], ignore_index=True)
    assert training_rows(rows)["table"].tolist() == ["fma", FEEDBACK]
