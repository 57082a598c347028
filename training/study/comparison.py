"""Compares all models of a task: same folds for the search, same training rows, same eval sets."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from training.features import Matrix
from training.figures import ENSEMBLE
from training.study.candidates import FEW_GENRES, SHIPPED, STUDY, candidates
from training.study.ensemble_evaluation import evaluate_ensemble, score_ensemble_fold
from training.study.eval_sets import EvalSet
from training.study.grid_search import Score, SearchResult, Trial, search, summary, trials
from training.study.job_cache import Job, JobCache
from training.study.metrics import Timing
from training.study.model_evaluation import (
    EvalSets,
    Evaluated,
    Fit,
    Misclassification,
    evaluate_estimator,
)
from training.study.results import Fold, Mistake, ModelReport, Resampled, TaskReport
from training.study.scale import full_plan, reduced_plan
from training.study.workspace import Workspace

MAX_MISTAKES: Final = 15
ENSEMBLE_NAME: Final = "ensemble of networks"
ENSEMBLE_NOTE: Final = (
    "trained on each table's fine labels, also of rows without a genre; number of networks on the "
    "folds: {networks}"
)

SongPredictions = Mapping[str, tuple[Mapping[str, float], ...]]
"""By key of the model: for each song, the probability of each genre."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Results of the models of one task.

    Attributes:
        report: The part of the study's report.
        song_predictions: Predictions for the example songs.
        ensemble: Measurements of the shipped model; None if it was not run.
    """

    report: TaskReport
    song_predictions: SongPredictions
    ensemble: Evaluated | None


def compare(
    job_cache: JobCache,
    workspace: Workspace,
    keys: Collection[str],
    songs: Matrix,
    more: Mapping[str, EvalSet],
) -> Comparison:
    """Search, fit and evaluate models of a task.

    Args:
        job_cache: Runs the fits.
        workspace: Rows and folds of the task.
        keys: Keys of the models to run.
        songs: Features of the example songs, [songs, features].
        more: Additional eval sets of the shipped model.
    """
    searched = _search(job_cache, workspace, keys)
    searched_resampled = _search_resampled(job_cache, workspace, searched)
    eval_sets = workspace.eval_sets(songs, {})
    jobs = [_ensemble_job(workspace, workspace.eval_sets(songs, more))] if ENSEMBLE in keys else []
    jobs += [_job(workspace, one, eval_sets) for one in (*searched, *searched_resampled)]
    evaluated = job_cache.run_all(f"{workspace.task.name}: fits on all rows", jobs)
    ensemble = evaluated.pop(0) if ENSEMBLE in keys else None
    plain, resampled = evaluated[: len(searched)], evaluated[len(searched) :]
    resampled_by_key = {
        one.trial.candidate.key: Resampled(one.trial.settings, one.fold, result.train, result.test)
        for one, result in zip(searched_resampled, resampled, strict=True)
    }
    models = [
        _model(workspace, one, result, resampled_by_key.get(one.trial.candidate.key))
        for one, result in zip(searched, plain, strict=True)
    ]
    by_key = {model.key: result for model, result in zip(models, plain, strict=True)}
    if ensemble:
        models.append(_ensemble_report(job_cache, workspace, ensemble))
        by_key[ENSEMBLE] = ensemble
    predictions = {key: result.song_predictions for key, result in by_key.items()}
    return Comparison(_report(workspace, models, by_key), predictions, ensemble)


def _search(job_cache: JobCache, workspace: Workspace, keys: Collection[str]) -> list[SearchResult]:
    chosen = [one for one in candidates(len(workspace.task.genres)) if one.key in keys]
    searches = [trials(one, workspace.size) for one in chosen]
    return search(job_cache, f"{workspace.task.name}: grids on folds", searches, workspace)


def _search_resampled(
    job_cache: JobCache, workspace: Workspace, searched: Sequence[SearchResult]
) -> list[SearchResult]:
    """Search the original study's models with oversampling.

    With up to `FEW_GENRES` genres their grids are searched again; with more, the settings found
    without oversampling are used.
    """
    few = len(workspace.task.genres) <= FEW_GENRES
    searches = [
        trials(one.trial.candidate, workspace.size, oversample=True)
        if few
        else [Trial(one.trial.candidate, one.trial.settings, oversample=True)]
        for one in searched
        if one.trial.candidate.kind == STUDY
    ]
    return search(job_cache, f"{workspace.task.name}: resampled, on folds", searches, workspace)


def _job(workspace: Workspace, result: SearchResult, eval_sets: EvalSets) -> Job[Evaluated]:
    trial, task = result.trial, workspace.task
    estimator = trial.estimator(task, workspace.size, workspace.seed)
    fit = Fit(estimator, trial.candidate.temperature_scaled)
    return Job(Evaluated, evaluate_estimator, (workspace.samples, fit, task.genres, eval_sets))


def _ensemble_job(workspace: Workspace, eval_sets: EvalSets) -> Job[Evaluated]:
    task = workspace.task
    plan = full_plan(task.name, workspace.size)
    arguments = (workspace.rows, task, plan, workspace.seed, eval_sets)
    return Job(Evaluated, evaluate_ensemble, arguments)


def _model(
    workspace: Workspace, result: SearchResult, evaluated: Evaluated, resampled: Resampled | None
) -> ModelReport:
    candidate = result.trial.candidate
    return _row(
        evaluated,
        about=(candidate.name, candidate.key, candidate.kind, candidate.note),
        features=len(candidate.columns(workspace.task)),
        grid=candidate.values(workspace.size),
        settings=result.trial.settings,
        fold=result.fold,
        seconds=result.seconds,
        resampled=resampled,
    )


def _ensemble_report(
    job_cache: JobCache, workspace: Workspace, evaluated: Evaluated
) -> ModelReport:
    """Score the shipped model on the folds and return its report."""
    task, size = workspace.task, workspace.size
    plan, reduced = full_plan(task.name, size), reduced_plan(task.name, size)
    jobs = [
        Job(
            Score,
            score_ensemble_fold,
            (*workspace.ensemble_fold(fold), task, reduced, workspace.seed),
        )
        for fold in range(size.folds)
    ]
    scores = job_cache.run_all(f"{task.name}: shipped model on folds", jobs)
    return _row(
        evaluated,
        about=(ENSEMBLE_NAME, ENSEMBLE, SHIPPED, ENSEMBLE_NOTE.format(networks=reduced.networks)),
        features=len(task.features),
        grid={},
        settings={
            "networks": plan.networks,
            "hidden": list(plan.settings.hidden),
            "epochs": plan.settings.epochs,
            "dropout": plan.settings.dropout,
            "decay": plan.settings.decay,
            "prior_correction": plan.prior_correction,
        },
        fold=summary(scores),
        seconds=sum(score.seconds for score in scores),
        resampled=None,
    )


def _row(
    evaluated: Evaluated,
    *,
    about: tuple[str, str, str, str],
    features: int,
    grid: Mapping[str, tuple[object, ...]],
    settings: Mapping[str, object],
    fold: Fold,
    seconds: float,
    resampled: Resampled | None,
) -> ModelReport:
    name, key, kind, note = about
    return ModelReport(
        name=name,
        key=key,
        kind=kind,
        note=note,
        rows=evaluated.rows,
        features=features,
        grid=grid,
        settings=settings,
        fold=fold,
        train=evaluated.train,
        test=evaluated.test,
        slices=evaluated.slices,
        with_extras=evaluated.with_extras,
        agreed=evaluated.agreed,
        agreed_with_extras=evaluated.agreed_with_extras,
        resampled=resampled,
        roc=evaluated.roc,
        confusion=evaluated.confusion,
        reliability=evaluated.reliability,
        bytes=evaluated.bytes,
        timing=Timing(round(seconds, 2), evaluated.fit_seconds, evaluated.row_ms),
    )


def _report(
    workspace: Workspace, models: Sequence[ModelReport], evaluated: Mapping[str, Evaluated]
) -> TaskReport:
    task = workspace.task
    best = _best(models)
    counts = [rows["genre"].value_counts() for rows in (workspace.labelled_train, workspace.test)]
    train, test = ({genre: int(count.get(genre, 0)) for genre in task.genres} for count in counts)
    return TaskReport(
        name=task.name,
        genres=task.genres,
        features=task.features,
        tables=workspace.tables,
        train_rows=train,
        test_rows=test,
        models=tuple(models),
        best_of_study=_best([model for model in models if model.kind == STUDY]),
        best=best,
        mistakes=mistakes(workspace, evaluated[best].misclassifications) if best else (),
    )


def _best(models: Sequence[ModelReport]) -> str:
    """Return the key of the model with the highest mean over the folds; on a tie, the first."""
    scored = {model.key: model.fold.weighted_f1 for model in models if model.fold}
    return max(scored, key=lambda key: scored[key], default="")


def mistakes(
    workspace: Workspace, misclassifications: Sequence[Misclassification]
) -> tuple[Mistake, ...]:
    """Return the first misclassification of each artist, at most MAX_MISTAKES.

    Songs without artist or title are left out.
    """
    by_artist: dict[str, Mistake] = {}
    for one in misclassifications:
        song = workspace.test.iloc[one.row]
        if song["artist"] and song["title"]:
            mistake = Mistake(
                artist=song["artist"],
                title=song["title"],
                table=song["table"],
                truth=song["genre"],
                predicted=one.predicted,
                probability=one.probability,
                probability_of_truth=one.probability_of_truth,
            )
            by_artist.setdefault(mistake.artist, mistake)
    return tuple(by_artist.values())[:MAX_MISTAKES]
