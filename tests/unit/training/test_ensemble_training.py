import numpy as np
import pandas as pd
import pytest

from model.schema import CORE, EXTRA
from training.ensemble import Ensemble
from training.ensemble_training import Plan, fit_ensemble
from training.features import matrix, without
from training.inputs import LINEAR
from training.network import Settings
from training.tasks import Task

PLAN = Plan(networks=2, settings=Settings((8,), epochs=2, dropout=0.1, batch=64), processes=1)
TASK = Task("tiny", ("rock", "hip-hop"), CORE, ("billboard",))


@pytest.fixture
def ensemble(made_up_rows: pd.DataFrame) -> Ensemble:
    return fit_ensemble(made_up_rows, TASK, PLAN, seed=0, title="tiny")


def test_networks_of_an_ensemble_differ(ensemble: Ensemble) -> None:
    one, other = ensemble.networks
    assert not np.array_equal(one.weights[0], other.weights[0])


def test_fine_labels_of_other_tables_and_genres_have_no_genre(ensemble: Ensemble) -> None:
    # fine labels: three genres in each of two tables; the task has two of the genres in one table
    assert ensemble.membership.shape == (6, 2)
    assert ensemble.membership.sum() == 2


def test_scaling_ignores_features_that_the_task_does_not_take(
    ensemble: Ensemble, made_up_rows: pd.DataFrame
) -> None:
    assert made_up_rows["loudness"].notna().any()
    place = LINEAR.index("loudness")
    assert (ensemble.scaling.mean[place], ensemble.scaling.spread[place]) == (0, 1)


def test_ensemble_ignores_features_that_it_does_not_take(
    ensemble: Ensemble, made_up_rows: pd.DataFrame
) -> None:
    values = matrix(made_up_rows)
    hidden = ensemble.probabilities(without(values, EXTRA))
    assert np.array_equal(ensemble.probabilities(values), hidden)
