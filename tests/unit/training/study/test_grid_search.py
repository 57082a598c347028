from dataclasses import replace
from pathlib import Path

import numpy as np

from training.study.candidates import candidates
from training.study.grid_search import Score, score, search, summary, trials
from training.study.job_cache import JobCache
from training.study.workspace import Workspace

(LOGISTIC,) = (one for one in candidates(3) if one.key == "logistic-grid")
USELESS = 1e-9


def test_settings_with_the_best_mean_over_folds_are_selected(
    study_workspace: Workspace, tmp_path: Path
) -> None:
    grid = replace(LOGISTIC, grid={"C": (USELESS, 1.0)})
    searches = [
        trials(grid, study_workspace.size),
        trials(grid, study_workspace.size, oversample=True),
    ]
    plain, resampled = search(JobCache(tmp_path, 1), "test", searches, study_workspace)
    assert plain.trial.settings == {"C": 1.0}
    assert plain.fold.folds == study_workspace.size.folds
    assert resampled.trial.oversample
    assert plain.seconds > 0


def test_first_settings_are_selected_on_a_tie(study_workspace: Workspace, tmp_path: Path) -> None:
    grid = replace(LOGISTIC, grid={"C": (1.0, 1.0 + 1e-9)})
    (found,) = search(
        JobCache(tmp_path, 1), "test", [trials(grid, study_workspace.size)], study_workspace
    )
    assert found.trial.settings == {"C": 1.0}


def test_songs_of_the_test_fold_are_not_trained_on(study_workspace: Workspace) -> None:
    """With the labels of all other folds rotated, correct predictions would show a leak."""
    samples = study_workspace.samples
    truth = np.where(samples.fold == 0, samples.truth, (samples.truth + 1) % 3)
    trial = trials(LOGISTIC, study_workspace.size)[-1]
    estimator = trial.estimator(study_workspace.task, study_workspace.size, seed=0)
    right = score(samples, estimator, 0).weighted_f1
    wrong = score(replace(samples, truth=truth), estimator, 0).weighted_f1
    assert right > 0.6
    assert wrong < 0.2


def test_rows_outside_the_fold_train_mask_are_not_trained_on(study_workspace: Workspace) -> None:
    samples = study_workspace.samples
    mask = np.zeros_like(samples.fold_train_mask)
    mask[np.flatnonzero(samples.fold != 0)[:60]] = True
    rotated = np.where(mask | (samples.fold == 0), samples.truth, (samples.truth + 1) % 3)
    estimator = trials(LOGISTIC, study_workspace.size)[-1].estimator(
        study_workspace.task, study_workspace.size, seed=0
    )
    assert (
        score(replace(samples, truth=rotated, fold_train_mask=mask), estimator, 0).weighted_f1 > 0.5
    )


def test_spread_is_the_standard_deviation_over_folds() -> None:
    fold = summary([Score(0.5, 1.0), Score(0.7, 1.0)])
    assert (fold.weighted_f1, fold.spread, fold.folds) == (0.6, 0.1, 2)
