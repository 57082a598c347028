import numpy as np
import pandas as pd
import pytest

from model.schema import CORE, EXTRA
from training.ensemble import Ensemble
from training.ensemble_training import Plan, fit_ensemble
from training.features import matrix, without
from training.inputs import PLAIN
from training.network import Settings
from training.tasks import Task

PLAN = Plan(networks=2, settings=Settings((8,), epochs=2, dropout=0.1, batch=64), processes=1)
TASK = Task("tiny", ("rock", "hip-hop"), CORE, ("billboard",))


@pytest.fixture
def committee(made_up_rows: pd.DataFrame) -> Ensemble:
    return fit_ensemble(made_up_rows, TASK, PLAN, seed=0, title="tiny")


def test_the_networks_of_a_committee_differ(committee: Ensemble) -> None:
    one, other = committee.networks
    assert not np.array_equal(one.weights[0], other.weights[0])


def test_shelves_of_other_tables_and_genres_belong_to_no_genre(committee: Ensemble) -> None:
    # three genres on the shelves of two tables, of which the task knows two genres of one
    assert committee.membership.shape == (6, 2)
    assert committee.membership.sum() == 2


def test_a_task_learns_nothing_about_features_that_it_does_not_take(
    committee: Ensemble, made_up_rows: pd.DataFrame
) -> None:
    assert made_up_rows["loudness"].notna().any()
    place = PLAIN.index("loudness")
    assert (committee.scaling.mean[place], committee.scaling.spread[place]) == (0, 1)


def test_a_committee_disregards_features_that_it_does_not_take(
    committee: Ensemble, made_up_rows: pd.DataFrame
) -> None:
    values = matrix(made_up_rows)
    hidden = committee.probabilities(without(values, EXTRA))
    assert np.array_equal(committee.probabilities(values), hidden)
