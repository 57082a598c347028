"""The settings of each model: a grid, scored by weighted F1 on folds that no artist spans."""

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
    """One fit on all folds but one, scored on that one."""

    weighted_f1: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Trial:
    """A model with settings; `oversample` repeats rows of rarer genres inside each fit."""

    candidate: Candidate
    settings: Mapping[str, Any]
    oversample: bool = False

    def estimator(self, task: Task, size: Size, seed: int) -> ResampledEstimator:
        """Return it unfitted."""
        columns = self.candidate.columns(task)
        return ResampledEstimator(
            self.candidate.build(size, seed, **self.settings),
            columns=columns,
            most=size.svc_rows if self.candidate.bounded else None,
            oversample=self.oversample,
            hide=len(columns) > len(CORE),
            seed=seed,
        )


@dataclass(frozen=True, slots=True)
class Found:
    """The trial that won a search and its score; `seconds` is the work of all the search's fits."""

    trial: Trial
    fold: Fold
    seconds: float


def trials(candidate: Candidate, size: Size, *, oversample: bool = False) -> list[Trial]:
    """Return one trial for each choice of the candidate's settings."""
    grid = ParameterGrid({name: list(all_) for name, all_ in candidate.values(size).items()})
    return [Trial(candidate, settings, oversample) for settings in grid]


def search(
    workshop: JobCache, title: str, searches: Sequence[Sequence[Trial]], bench: Workspace
) -> list[Found]:
    """Return the best trial of each search; the fits of all searches are shared out together."""
    samples, count = bench.samples, bench.size.folds
    pieces = [
        Job(Score, score, (samples, estimator, fold))
        for trials_ in searches
        for trial in trials_
        for estimator in [trial.estimator(bench.task, bench.size, bench.seed)]
        for fold in range(count)
    ]
    scores = iter(workshop.do(title, pieces))
    return [
        _best([(trial, [next(scores) for _ in range(count)]) for trial in trials_])
        for trials_ in searches
    ]


def score(samples: Samples, estimator: ResampledEstimator, fold: int) -> Score:
    """Fit on the rows of other folds that are learnt from, score on the core features of a fold."""
    started = time.perf_counter()
    learnt = samples.part(samples.learnt & (samples.fold != fold))
    tested = samples.part(samples.fold == fold).eval_set().core_only()
    fitted = estimator.fit(learnt.values, learnt.truth)
    named = fitted.predict(tested.values)
    return Score(weighted_f1(tested.truth, named), time.perf_counter() - started)


def weighted_f1(truth: Codes, named: Codes) -> float:
    """Return what all searches are scored by."""
    return round(float(f1_score(truth, named, average="weighted", zero_division=0)), DIGITS)


def summary(scores: Sequence[Score]) -> Fold:
    """Return mean and spread of the scores on all folds."""
    values = [one.weighted_f1 for one in scores]
    mean, spread = float(np.mean(values)), float(np.std(values))
    return Fold(round(mean, DIGITS), round(spread, DIGITS), len(values))


def _best(tried: Sequence[tuple[Trial, list[Score]]]) -> Found:
    """Return the trial with the highest mean; of equals the first."""
    found = [Found(trial, summary(scores), 0.0) for trial, scores in tried]
    best = max(found, key=lambda one: one.fold.weighted_f1)
    seconds = sum(score.seconds for _, scores in tried for score in scores)
    return replace(best, seconds=seconds)
