"""All models of one task: searched on the same folds, fitted on all rows, asked the same."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from training.features import Matrix
from training.figures import ENSEMBLE
from training.study.candidates import FEW_GENRES, SHIPPED, STUDY, candidates
from training.study.ensemble_evaluation import evaluate_ensemble, score_committee
from training.study.eval_sets import EvalSet
from training.study.grid_search import Found, Score, Trial, search, summary, trials
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
from training.study.scale import plan_of, side_plan
from training.study.workspace import Workspace

MISTAKES: Final = 15
COMMITTEE_NAME: Final = "ensemble of networks"
COMMITTEE_NOTE: Final = (
    "learns each table's shelves, unlabelled rows too; on the folds {networks} of its networks"
)

Opinions = Mapping[str, tuple[Mapping[str, float], ...]]
"""By a model's key: what it makes of each song."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The report of a task, what its models make of the songs, and all that the shipped one did."""

    report: TaskReport
    opinions: Opinions
    committee: Evaluated | None


def compare(
    workshop: JobCache,
    bench: Workspace,
    keys: Collection[str],
    songs: Matrix,
    more: Mapping[str, EvalSet],
) -> Comparison:
    """Run the models named by `keys`; the shipped one sits the exams in `more` as well."""
    found = _searched(workshop, bench, keys)
    again = _searched_again(workshop, bench, found)
    entries = [*found, *again]
    exams = bench.exams(songs, {})
    pieces = [_committee(bench, bench.exams(songs, more))] if ENSEMBLE in keys else []
    pieces += [_fit(bench, entry, exams) for entry in entries]
    judged = workshop.do(f"{bench.task.name}: fits on all rows", pieces)
    committee = judged.pop(0) if ENSEMBLE in keys else None
    plain, repeated = judged[: len(found)], judged[len(found) :]
    resampled = {
        entry.trial.candidate.key: Resampled(
            entry.trial.settings, entry.fold, result.train, result.test
        )
        for entry, result in zip(again, repeated, strict=True)
    }
    models = [
        _model(bench, entry, result, resampled.get(entry.trial.candidate.key))
        for entry, result in zip(found, plain, strict=True)
    ]
    by_key = {model.key: result for model, result in zip(models, plain, strict=True)}
    if committee:
        models.append(_committee_model(workshop, bench, committee))
        by_key[ENSEMBLE] = committee
    opinions = {key: result.song_predictions for key, result in by_key.items()}
    return Comparison(_report(bench, models, by_key), opinions, committee)


def _searched(workshop: JobCache, bench: Workspace, keys: Collection[str]) -> list[Found]:
    chosen = [one for one in candidates(len(bench.task.genres)) if one.key in keys]
    searches = [trials(one, bench.size) for one in chosen]
    return search(workshop, f"{bench.task.name}: grids on folds", searches, bench)


def _searched_again(workshop: JobCache, bench: Workspace, found: Sequence[Found]) -> list[Found]:
    """Try the study's models with rare genres' rows repeated.

    With few genres all their grids are searched again, with many the winners' settings are kept.
    """
    few = len(bench.task.genres) <= FEW_GENRES
    searches = [
        trials(one.trial.candidate, bench.size, oversample=True)
        if few
        else [Trial(one.trial.candidate, one.trial.settings, oversample=True)]
        for one in found
        if one.trial.candidate.kind == STUDY
    ]
    return search(workshop, f"{bench.task.name}: resampled, on folds", searches, bench)


def _fit(bench: Workspace, found: Found, exams: EvalSets) -> Job[Evaluated]:
    trial, task = found.trial, bench.task
    estimator = trial.estimator(task, bench.size, bench.seed)
    fit = Fit(estimator, trial.candidate.tempered)
    return Job(Evaluated, evaluate_estimator, (bench.samples, fit, task.genres, exams))


def _committee(bench: Workspace, exams: EvalSets) -> Job[Evaluated]:
    plan = plan_of(bench.task.name, bench.size)
    return Job(Evaluated, evaluate_ensemble, (bench.rows, bench.task, plan, bench.seed, exams))


def _model(
    bench: Workspace, found: Found, judged: Evaluated, resampled: Resampled | None
) -> ModelReport:
    candidate = found.trial.candidate
    return _row(
        judged,
        about=(candidate.name, candidate.key, candidate.kind, candidate.note),
        features=len(candidate.columns(bench.task)),
        grid=candidate.values(bench.size),
        settings=found.trial.settings,
        fold=found.fold,
        seconds=found.seconds,
        resampled=resampled,
    )


def _committee_model(workshop: JobCache, bench: Workspace, judged: Evaluated) -> ModelReport:
    """Score the shipped model on the folds too, and return its row of the table."""
    plan, side = plan_of(bench.task.name, bench.size), side_plan(bench.task.name, bench.size)
    pieces = [
        Job(Score, score_committee, (*bench.committee_fold(fold), bench.task, side, bench.seed))
        for fold in range(bench.size.folds)
    ]
    scores = workshop.do(f"{bench.task.name}: shipped model on folds", pieces)
    return _row(
        judged,
        about=(COMMITTEE_NAME, ENSEMBLE, SHIPPED, COMMITTEE_NOTE.format(networks=side.networks)),
        features=len(bench.task.features),
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
    judged: Evaluated,
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
        rows=judged.rows,
        features=features,
        grid=grid,
        settings=settings,
        fold=fold,
        train=judged.train,
        test=judged.test,
        parts=judged.parts,
        with_extras=judged.with_extras,
        agreed=judged.agreed,
        agreed_with_extras=judged.agreed_with_extras,
        resampled=resampled,
        roc=judged.roc,
        confusion=judged.confusion,
        reliability=judged.reliability,
        bytes=judged.bytes,
        timing=Timing(round(seconds, 2), judged.fit_seconds, judged.row_ms),
    )


def _report(
    bench: Workspace, models: Sequence[ModelReport], judged: Mapping[str, Evaluated]
) -> TaskReport:
    task = bench.task
    best = _best(models)
    counts = [rows["genre"].value_counts() for rows in (bench.taught, bench.test)]
    train, test = ({genre: int(count.get(genre, 0)) for genre in task.genres} for count in counts)
    return TaskReport(
        name=task.name,
        genres=task.genres,
        features=task.features,
        tables=bench.tables,
        train_rows=train,
        test_rows=test,
        models=tuple(models),
        best_of_study=_best([model for model in models if model.kind == STUDY]),
        best=best,
        mistakes=mistakes(bench, judged[best].misclassifications) if best else (),
    )


def _best(models: Sequence[ModelReport]) -> str:
    """Return the key of the model with the highest mean over the folds; of equals the first."""
    scored = {model.key: model.fold.weighted_f1 for model in models if model.fold}
    return max(scored, key=lambda key: scored[key], default="")


def mistakes(bench: Workspace, slips: Sequence[Misclassification]) -> tuple[Mistake, ...]:
    """Name the surest mistakes, one for each artist; songs without a name are passed over."""
    songs = bench.test
    named: dict[str, Mistake] = {}
    for slip in slips:
        song = songs.iloc[slip.row]
        if song["artist"] and song["title"]:
            mistake = Mistake(
                artist=song["artist"],
                title=song["title"],
                table=song["table"],
                truth=song["genre"],
                predicted=slip.predicted,
                probability=slip.probability,
                probability_of_truth=slip.probability_of_truth,
            )
            named.setdefault(mistake.artist, mistake)
    return tuple(named.values())[:MISTAKES]
