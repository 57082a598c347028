"""Training of an ensemble on rows of the dataset."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from model.schema import CORE, EXTRA
from tests.unit.training.made_up import PLAN, SETTINGS, TASK
from training.ensemble import Ensemble
from training.ensemble_training import PLANS, fit_ensemble
from training.evaluation import codes, truth_rows
from training.features import matrix, without
from training.inputs import LINEAR
from training.split import Side
from training.tasks import TASKS

QUICK = replace(PLAN, settings=replace(SETTINGS, epochs=2))
CORE_TASK = replace(TASK, features=CORE)


@pytest.fixture(scope="module")
def ensemble(made_up: pd.DataFrame) -> Ensemble:
    return fit_ensemble(made_up, CORE_TASK, QUICK, seed=0, title="tiny")


def test_networks_of_an_ensemble_differ(ensemble: Ensemble) -> None:
    one, other = ensemble.networks
    assert not np.array_equal(one.weights[0], other.weights[0])


def test_scaling_ignores_features_that_the_task_does_not_take(
    ensemble: Ensemble, made_up: pd.DataFrame
) -> None:
    assert made_up["loudness"].notna().any()
    place = LINEAR.index("loudness")
    assert (ensemble.scaling.mean[place], ensemble.scaling.spread[place]) == (0, 1)


def test_ensemble_ignores_features_that_it_does_not_take(
    ensemble: Ensemble, made_up: pd.DataFrame
) -> None:
    values = matrix(made_up)
    hidden = ensemble.probabilities(without(values, EXTRA))
    assert np.array_equal(ensemble.probabilities(values), hidden)


def test_noisy_labels_teach_the_true_genre_better_than_hard_ones(
    made_up_rows: pd.DataFrame,
) -> None:
    # one table calls most rock songs electronic
    wrong = (made_up_rows["artist_genre"] == "rock") & (made_up_rows["table"] == "fma")
    made_up_rows.loc[wrong, "genre"] = "electronic"
    made_up_rows["label"] = made_up_rows["annotator"] + ": " + made_up_rows["genre"]
    train = made_up_rows[made_up_rows["side"] == Side.TRAIN]
    test = truth_rows(made_up_rows, TASK)
    truth, values = codes(test["truth"], TASK.genres), matrix(test)
    noisy, hard = (
        fit_ensemble(train, TASK, PLAN, seed=0, labels=labels).probabilities(values)
        for labels in ("noisy", "hard")
    )
    noisy_right, hard_right = ((one.argmax(axis=1) == truth).mean() for one in (noisy, hard))
    assert noisy_right > hard_right + 0.05


def test_each_task_has_a_plan() -> None:
    assert set(PLANS) == {task.name for task in TASKS}
