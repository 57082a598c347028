"""Compares all models of a task: same folds, same training songs, same test songs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from sklearn.metrics import confusion_matrix
from sklearn.model_selection import GroupKFold

from model.schema import CORE
from training.evaluation import codes, figures, gap_error, standard_error
from training.features import Matrix, matrix
from training.split import Side
from training.study import core, measure
from training.study.candidates import (
    OURS,
    RESAMPLED,
    Samples,
    candidates,
    fit_candidate,
    keys,
    note,
)
from training.study.core import Predicted, TaskData
from training.study.jobs import Jobs
from training.study.results import ModelResult, TaskResult
from training.study.sizes import Size

if TYPE_CHECKING:
    import pandas as pd

OURS_ENTRY: Final[Mapping[str, Any]] = {"name": "our ensemble", "group": "ours"}
OURS_NOTE: Final = "one network on the folds"

Tests = Mapping[str, Matrix]
Found = dict[str, Predicted]
"""By key of a model."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What all fits of a run have in common; `keys` are those of the models to compare."""

    jobs: Jobs
    size: Size
    seed: int
    keys: tuple[str, ...] = keys()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Results of a task's models, and the probabilities that each gives the example songs."""

    result: TaskResult
    ours: Predicted | None
    songs: dict[str, list[dict[str, float]]]


def compare(setup: Setup, data: TaskData, songs: Matrix, more: Tests) -> Comparison:
    """Fit and measure the models of a task; `more` are additional tests of our model."""
    everything = matrix(data.test)
    tests = {
        "core": core.core_only(data.test),
        "train": core.core_only(data.shown),
        **({"songs": songs} if len(songs) else {}),
    }
    share = min(1.0, setup.size.search_rows / max(len(data.train), 1))
    searched = core.some_artists(data.rows, share, "search")
    found = _fit_candidates(setup, data, tests, searched)
    folds = {key: one.folds for key, one in found.items()}
    if OURS in setup.keys:
        plan = core.plan_of(data.task, setup.size)
        call = (data.rows, data.task, plan, setup.seed, {**tests, "all": everything, **more})
        (found[OURS],) = setup.jobs.run(f"{data.task.name}: our model", core.fit_ours, [call])
        folds[OURS] = tuple(_folds_of_ours(setup, data, searched))
    models = [_measured(setup, data, key, one, folds[key]) for key, one in found.items()]
    models = _with_gap_errors(data, models, found)
    heard = {
        model.name: [_by_genre(data, row) for row in found[model.key].tests.get("songs", ())]
        for model in models
    }
    return Comparison(_result(data, models, found), found.get(OURS), heard)


def _fit_candidates(
    setup: Setup, data: TaskData, tests: Tests, searched: "pd.Series[bool]"
) -> Found:
    train = Samples(
        values=matrix(data.train)[:, : len(CORE)],
        label=codes(data.train["genre"], data.task.genres),
        truth=codes(data.train["truth"], data.task.genres),
        artist=np.unique(core.artists(data.train), return_inverse=True)[1],
        searched=searched[data.train.index].to_numpy(),
    )
    own = {name: values[:, : len(CORE)] for name, values in tests.items()}
    chosen = [key for key in candidates() if key in setup.keys]
    genres = len(data.task.genres)
    calls = [(key, train, own, genres, setup.size, setup.seed) for key in chosen]
    results = setup.jobs.run(f"{data.task.name}: models", fit_candidate, calls)
    return dict(zip(chosen, results, strict=True))


def _folds_of_ours(setup: Setup, data: TaskData, searched: "pd.Series[bool]") -> list[float]:
    """Return our model's weighted F1 on folds of the artists that settings are searched on."""
    rows = data.rows[searched & (data.rows["side"] == Side.TRAIN)]
    plan = core.check_plan(rows, data.task, setup.size)
    folds = GroupKFold(setup.size.folds, shuffle=True, random_state=setup.seed)
    calls, truths = [], []
    for train, tested in folds.split(rows, groups=core.artists(rows)):
        songs = rows.iloc[tested]
        truths.append(codes(songs["truth"], data.task.genres))
        tests = {"core": core.core_only(songs)}
        calls.append((rows.iloc[train], data.task, plan, setup.seed, tests))
    results = setup.jobs.run(f"{data.task.name}: our model on folds", core.fit_ours, calls)
    return [
        measure.weighted_f1(truth, result.tests["core"].argmax(axis=1))
        for truth, result in zip(truths, results, strict=True)
    ]


def _measured(
    setup: Setup, data: TaskData, key: str, found: Predicted, folds: Sequence[float]
) -> ModelResult:
    task, size, ours = data.task, setup.size, key == OURS
    truth, test = codes(data.test["truth"], data.task.genres), found.tests["core"]
    scored = {
        name: figures(found.tests[name], truth, task.genres)
        for name in ("core", "all", RESAMPLED)
        if name in found.tests
    }
    entry = OURS_ENTRY if ours else candidates()[key]
    trained = measure.weighted_f1(
        codes(data.shown["truth"], data.task.genres), found.tests["train"].argmax(axis=1)
    )
    return ModelResult(
        key=key,
        name=entry["name"],
        group=entry.get("group", "study"),
        note=OURS_NOTE if ours else note(key, size, len(task.genres), len(data.train)),
        rows=found.rows,
        settings=core.settings_of(task, size) if ours else dict(found.settings),
        fold=float(np.mean(folds)),
        fold_error=float(np.std(folds) / max(len(folds) - 1, 1) ** 0.5),
        train=trained,
        test=scored["core"],
        error=standard_error(test.argmax(axis=1), truth, core.artists(data.test)),
        with_all=scored.get("all"),
        resampled=scored.get(RESAMPLED),
        calibrated=not key.startswith("svc"),
        roc=measure.roc(test, truth, task.genres),
        confusion=confusion_matrix(
            truth, test.argmax(axis=1), labels=range(len(task.genres))
        ).tolist(),
        bytes=found.bytes,
        seconds=found.seconds,
        row_ms=found.row_ms,
    )


def _with_gap_errors(
    data: TaskData, models: Sequence[ModelResult], found: Found
) -> list[ModelResult]:
    truth, artists = codes(data.test["truth"], data.task.genres), core.artists(data.test)
    best = {key: one.tests["core"].argmax(axis=1) for key, one in found.items()}
    first = best[max(models, key=lambda one: one.test.weighted_f1).key]
    return [
        one.model_copy(update={"gap_error": gap_error(best[one.key], first, truth, artists)})
        for one in models
    ]


def _result(data: TaskData, models: Sequence[ModelResult], found: Found) -> TaskResult:
    truth, genres = codes(data.test["truth"], data.task.genres), data.task.genres
    best = max(models, key=lambda one: one.fold).key
    nine = [one for one in models if one.group == "study"]
    shown = found.get(OURS, found[best]).tests["core"]
    return TaskResult(
        name=data.task.name,
        genres=genres,
        tables=data.tables,
        train_rows=_counts(data.train["genre"], genres),
        test_rows=_counts(data.test["truth"], genres),
        test_artists=len(set(core.artists(data.test))),
        models=tuple(models),
        best=best,
        best_of_study=max(nine, key=lambda one: one.fold).key if nine else "",
        reliability=tuple(measure.reliability(shown, truth)),
        mistakes=measure.mistakes(shown, truth, data.test, genres),
    )


def _counts(own: "pd.Series[str]", genres: Sequence[str]) -> dict[str, int]:
    return {genre: int((own == genre).sum()) for genre in genres}


def _by_genre(data: TaskData, row: Any) -> dict[str, float]:
    """Return the probabilities in falling order."""
    ranked = sorted(zip(data.task.genres, row.tolist(), strict=True), key=lambda one: -one[1])
    return dict(ranked)
