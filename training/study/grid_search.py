"""Searches each model's hyperparameters in a grid, by weighted F1 on folds grouped by artist."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sklearn.metrics import f1_score
from sklearn.model_selection import ParameterGrid

from model.schema import CORE
from training.evaluation import DIGITS, Codes
from training.study.candidates import Candidate
from training.study.estimators import ResampledEstimator
from training.study.eval_sets import Samples
from training.study.job_cache import Job, JobCache
from training.study.results import Fold
from training.study.scale import Size
from training.study.workspace import Workspace
from training.tasks import Task


@dataclass(frozen=True, slots=True)
class Score:
    """Score of one fit on its test fold, and the time of fit and score in seconds."""

    weighted_f1: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Trial:
    """A model with hyperparameters; `oversample` repeats rows of rarer genres in each fit."""

    candidate: Candidate
    settings: Mapping[str, Any]
    oversample: bool = False

    def estimator(self, task: Task, size: Size, seed: int) -> ResampledEstimator:
        """Return the unfitted model."""
        columns = self.candidate.columns(task)
        return ResampledEstimator(
            self.candidate.build(size, seed, **self.settings),
            columns=columns,
            max_rows=size.svc_rows if self.candidate.limit_rows else None,
            oversample=self.oversample,
            random_absence=len(columns) > len(CORE),
            seed=seed,
        )


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The best trial of a search, its score, and the total time of all fits in seconds."""

    trial: Trial
    fold: Fold
    seconds: float


def trials(candidate: Candidate, size: Size, *, oversample: bool = False) -> list[Trial]:
    """Return one trial for each point of the candidate's grid."""
    grid = {name: list(values) for name, values in candidate.values(size).items()}
    return [Trial(candidate, settings, oversample) for settings in ParameterGrid(grid)]


def search(
    job_cache: JobCache, title: str, searches: Sequence[Sequence[Trial]], workspace: Workspace
) -> list[SearchResult]:
    """Return the best trial of each search; the fits of all searches run in parallel."""
    samples, count = workspace.samples, workspace.size.folds
    jobs = [
        Job(Score, score, (samples, estimator, fold))
        for trials_ in searches
        for trial in trials_
        for estimator in [trial.estimator(workspace.task, workspace.size, workspace.seed)]
        for fold in range(count)
    ]
    scores = iter(job_cache.run_all(title, jobs))
    return [
        _best([(trial, [next(scores) for _ in range(count)]) for trial in trials_])
        for trials_ in searches
    ]


def score(samples: Samples, estimator: ResampledEstimator, fold: int) -> Score:
    """Fit on the training rows of the other folds, score on the core features of `fold`."""
    started = time.perf_counter()
    train = samples.subset(samples.fold_train_mask & (samples.fold != fold))
    test = samples.subset(samples.fold == fold).eval_set().core_only()
    predicted = estimator.fit(train.values, train.truth).predict(test.values)
    return Score(weighted_f1(test.truth, predicted), time.perf_counter() - started)


def weighted_f1(truth: Codes, predicted: Codes) -> float:
    """Return the weighted F1, by which trials are compared."""
    return round(float(f1_score(truth, predicted, average="weighted", zero_division=0)), DIGITS)


def summary(scores: Sequence[Score]) -> Fold:
    """Return mean and standard deviation of the scores on all folds."""
    values = [one.weighted_f1 for one in scores]
    mean, spread = float(np.mean(values)), float(np.std(values))
    return Fold(round(mean, DIGITS), round(spread, DIGITS), len(values))


def _best(scored: Sequence[tuple[Trial, list[Score]]]) -> SearchResult:
    """Return the trial with the highest mean score; on a tie, the first."""
    results = [SearchResult(trial, summary(scores), 0.0) for trial, scores in scored]
    best = max(results, key=lambda one: one.fold.weighted_f1)
    seconds = sum(score.seconds for _, scores in scored for score in scores)
    return replace(best, seconds=seconds)
