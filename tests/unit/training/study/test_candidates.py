import numpy as np
import pytest

from training.figures import ENSEMBLE
from training.study.candidates import KEYS, STUDY, Candidate, candidates
from training.study.grid_search import trials
from training.study.model_evaluation import Fit, evaluate_estimator
from training.study.scale import FULL, QUICK
from training.study.workspace import Workspace


def test_the_nine_models_of_the_study_have_its_names() -> None:
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


def test_both_tasks_know_the_same_models() -> None:
    few, many = ([one.key for one in candidates(count)] for count in (3, 13))
    assert few == many
    assert (*few, ENSEMBLE) == KEYS


@pytest.mark.parametrize("count", [3, 13])
def test_what_is_called_grid_searched_is_and_a_baseline_is_not(count: int) -> None:
    for one in candidates(count):
        if "grid-searched" in one.name:
            assert len(trials(one, FULL)) > len(trials(one, QUICK)) > 1
        if "baseline" in one.name:
            assert len(trials(one, FULL)) == 1


@pytest.mark.parametrize("one", [*candidates(3), *candidates(13)[3:5]], ids=lambda one: one.key)
def test_every_model_beats_chance_and_gives_probabilities(
    one: Candidate, wide_bench: Workspace
) -> None:
    trial = trials(one, wide_bench.size)[0]
    estimator = trial.estimator(wide_bench.task, wide_bench.size, seed=0)
    exams = wide_bench.exams(
        np.full((2, 12), 0.5, np.float32), {"again": wide_bench.samples.eval_set()}
    )
    fit = Fit(estimator, one.tempered)
    judged = evaluate_estimator(wide_bench.samples, fit, wide_bench.task.genres, exams)
    assert judged.test.weighted_f1 > 0.5
    assert judged.train.rows == judged.more["again"].rows == len(wide_bench.taught)
    assert judged.bytes > 100
    assert judged.row_ms > 0
    for opinion in judged.song_predictions:
        assert set(opinion) == set(wide_bench.task.genres)
        assert sum(opinion.values()) == pytest.approx(1, abs=1e-3)
    assert (judged.with_extras is not None) == one.extras
