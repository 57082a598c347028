"""The model of sub-genres on made-up rows."""

import tomllib
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from model.genres import WIDE
from tests.unit.training.made_up import PLAN, TASK
from training import subgenres
from training.features import matrix
from training.labels import load_taxonomy
from training.split import Side
from training.subgenres import SUBGENRES, Labels, SubgenreEnsemble, fit_subgenres, load_labels

TWO = Labels((("electronic", "house"), ("electronic", "techno")), {"house": 0, "techno": 1})
LEAST_SONGS = 5


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use a small plan and two sub-genres, of which few songs are enough."""
    monkeypatch.setattr(subgenres, "PLAN", replace(PLAN, networks=1))
    monkeypatch.setattr(subgenres, "LEAST_SONGS", LEAST_SONGS)
    use(TWO, monkeypatch)


def use(labels: Labels, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subgenres, "load_labels", lambda _genres: labels)


def fitted(rows: pd.DataFrame) -> SubgenreEnsemble:
    model = fit_subgenres(rows, TASK, seed=0)
    assert model
    return model


@pytest.mark.long
def test_separable_subgenres_are_learnt_and_served(made_up: pd.DataFrame) -> None:
    model = fitted(made_up)
    assert [(one.name, one.parent) for one in model.columns] == [
        (name, parent) for parent, name in TWO.columns
    ]
    assert model.served == (0, 1)
    songs = made_up[made_up["raw_labels"].isin([("house",), ("techno",)])]
    right = model.probabilities(matrix(songs)).argmax(axis=1) == (songs["valence"] <= 0.5)
    assert right.mean() > 0.9
    for column in model.columns:
        assert column.threshold >= min(subgenres.THRESHOLDS)
        assert column.accuracy is not None
        assert column.accuracy >= subgenres.LEAST_ACCURACY
        assert (column.songs or 0) >= LEAST_SONGS


def test_figures_are_of_the_test_side(made_up_rows: pd.DataFrame) -> None:
    labelled = made_up_rows["raw_labels"].isin([("house",), ("techno",)])
    tested = labelled & (made_up_rows["side"] == Side.TEST)
    songs = [column.songs or 0 for column in fitted(made_up_rows).columns]
    assert 2 * LEAST_SONGS <= sum(songs) <= tested.sum()


def test_probabilities_sum_to_one_within_each_parent(
    made_up: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = (*TWO.columns, ("rock", "grunge"))
    use(Labels(columns, {**TWO.by_label, "rock": 2}), monkeypatch)
    found = fitted(made_up).probabilities(matrix(made_up))
    assert found[:, :2].sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert found[:, 2] == pytest.approx(1, abs=1e-5)


def test_name_that_is_too_often_wrong_is_not_served(made_up_rows: pd.DataFrame) -> None:
    rng = np.random.default_rng(0)
    mixed = made_up_rows["raw_labels"].isin([("house",), ("techno",)])
    drawn = rng.choice(["house", "techno"], mixed.sum())
    made_up_rows.loc[mixed, "raw_labels"] = pd.Series(
        [(one,) for one in drawn], made_up_rows.index[mixed]
    )
    model = fit_subgenres(made_up_rows, TASK, seed=0)
    assert model is None or len(model.served) < 2


def test_name_of_the_parent_is_not_served(
    made_up: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(Labels((("electronic", "house"), ("electronic", "electronic")), TWO.by_label), monkeypatch)
    model = fitted(made_up)
    assert model.served == (0,)
    assert [column.name for column in model.columns] == ["house"]


def test_too_few_songs_of_a_name_are_not_served(
    made_up: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subgenres, "LEAST_SONGS", len(made_up))
    assert fit_subgenres(made_up, TASK, seed=0) is None


@pytest.mark.parametrize("without", ["house", "both", "table", "test side"])
def test_without_labels_there_is_no_model(made_up_rows: pd.DataFrame, without: str) -> None:
    rows = made_up_rows
    lost = {
        "house": rows["raw_labels"] == ("house",),
        "both": rows["raw_labels"].isin([("house",), ("techno",)]),
        "table": rows["table"] == "curated",
        "test side": rows["side"] == Side.TEST,
    }
    assert fit_subgenres(rows[~lost[without]], TASK, seed=0) is None


def test_songs_without_raw_labels_are_no_error(made_up_rows: pd.DataFrame) -> None:
    made_up_rows.loc[:9, "raw_labels"] = pd.Series([()] * 10)
    assert fitted(made_up_rows).served == (0, 1)


def test_parents_are_genres_and_labels_are_in_the_taxonomy() -> None:
    content = tomllib.loads(SUBGENRES.read_text(encoding="utf-8"))
    known = load_taxonomy()["curated"]
    assert set(content) <= set(WIDE)
    for parent, names in content.items():
        for label in (one for labels in names.values() for one in labels):
            assert known.label((label,)) == label
            known.read((label,))  # an unknown label is an error
        assert set(names) != {parent}


def test_no_label_means_two_subgenres() -> None:
    content = tomllib.loads(SUBGENRES.read_text(encoding="utf-8"))
    labels = [one for names in content.values() for own in names.values() for one in own]
    assert len(labels) == len(set(labels))


def test_subgenres_are_those_of_the_tasks_genres() -> None:
    found = load_labels(("reggae", "rock"))
    assert {parent for parent, _ in found.columns} == {"reggae"}
    assert found.columns[found.by_label["ska punk"]] == ("reggae", "ska")
    assert load_labels(()) == Labels((), {})
