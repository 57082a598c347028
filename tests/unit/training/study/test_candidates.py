import numpy as np
import pytest

from training.figures import ENSEMBLE
from training.study.candidates import KEYS, STUDY, Candidate, candidates
from training.study.grid_search import trials
from training.study.model_evaluation import Fit, evaluate_estimator
from training.study.scale import FULL, QUICK
from training.study.workspace import Workspace


def test_original_nine_models_keep_their_names() -> None:
    names = [one.name for one in candidates(3) if one.kind == STUDY]
    assert names == [
        "k-nearest neighbours",
        "logistic regression, baseline",
        "logistic regression, grid-searched",
        "one-vs-rest SVC, baseline",
        "one-vs-rest SVC, grid-searched",
        "naive Bayes",
        "decision tree",
        "random forest, baseline",
        "random forest, grid-searched",
    ]


def test_both_tasks_have_the_same_models() -> None:
    few, many = ([one.key for one in candidates(count)] for count in (3, 13))
    assert few == many
    assert (*few, ENSEMBLE) == KEYS


@pytest.mark.parametrize("count", [3, 13])
def test_grid_searched_models_have_a_grid_and_baselines_have_none(count: int) -> None:
    for one in candidates(count):
        if "grid-searched" in one.name:
            assert len(trials(one, FULL)) > len(trials(one, QUICK)) > 1
        if "baseline" in one.name:
            assert len(trials(one, FULL)) == 1


@pytest.mark.parametrize("one", [*candidates(3), *candidates(13)[3:5]], ids=lambda one: one.key)
def test_every_model_beats_chance_and_predicts_probabilities(
    one: Candidate, wide_workspace: Workspace
) -> None:
    trial = trials(one, wide_workspace.size)[0]
    estimator = trial.estimator(wide_workspace.task, wide_workspace.size, seed=0)
    eval_sets = wide_workspace.eval_sets(
        np.full((2, 12), 0.5, np.float32), {"train": wide_workspace.samples.eval_set()}
    )
    fit = Fit(estimator, one.temperature_scaled)
    evaluated = evaluate_estimator(
        wide_workspace.samples, fit, wide_workspace.task.genres, eval_sets
    )
    assert evaluated.test.weighted_f1 > 0.5
    assert (
        evaluated.train.rows == evaluated.more["train"].rows == len(wide_workspace.labelled_train)
    )
    assert evaluated.bytes > 100
    assert evaluated.row_ms > 0
    for prediction in evaluated.song_predictions:
        assert set(prediction) == set(wide_workspace.task.genres)
        assert sum(prediction.values()) == pytest.approx(1, abs=1e-3)
    assert (evaluated.with_extras is not None) == one.uses_extras
