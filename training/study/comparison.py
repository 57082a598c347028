"""Compares all models of a task: same folds, same training songs, same test songs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from sklearn.model_selection import GroupKFold

from model.schema import CORE
from training.evaluation import figures
from training.features import Matrix
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
    weighted_f1,
)
from training.study.core import Predicted, TaskData
from training.study.jobs import Jobs
from training.study.results import ModelResult, SongPrediction, TaskResult
from training.study.sizes import Size

OURS_NAME: Final = "our ensemble"
OURS_NOTE: Final = "trained on every table, each a noisy annotator; one network on the folds"

Tests = Mapping[str, Matrix]


@dataclass(frozen=True, slots=True)
class Setup:
    """What all fits of a run have in common; `keys` are those of the models to compare."""

    jobs: Jobs
    size: Size
    seed: int
    keys: tuple[str, ...] = keys()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Results of a task's models.

    Attributes:
        result: Results of all models.
        ours: Predictions of our model; None if it was not run.
        songs: Each model's predictions by example song.
    """

    result: TaskResult
    ours: Predicted | None
    songs: list[list[SongPrediction]]


def compare(setup: Setup, data: TaskData, songs: Matrix, more: Tests) -> Comparison:
    """Fit and measure the models of a task.

    Args:
        setup: The run.
        data: Songs of the task.
        songs: Features of the example songs, [songs, features].
        more: Additional tests of our model.
    """
    everything = core.features(data.test)
    tests = {
        "core": core.core_only(everything),
        "train": core.core_only(core.features(data.train_songs)),
        "songs": songs,
    }
    share = min(1.0, setup.size.search_rows / max(len(data.train), 1))
    searched = core.some_artists(data.rows, share, "search")
    chosen = [key for key in candidates() if key in setup.keys]
    found = _fit_candidates(setup, data, chosen, tests, searched)
    models = [_model(setup, data, key, found[key]) for key in chosen]
    if OURS in setup.keys:
        plan = core.plan_of(data.task, setup.size)
        call = (data.rows, data.task, plan, setup.seed, {**tests, "all": everything, **more})
        (found[OURS],) = setup.jobs.run(f"{data.task.name}: our model", core.fit_ours, [call])
        models.append(_our_model(setup, data, found[OURS], searched))
    predicted = [_predictions(data, models, found, number) for number in range(len(songs))]
    return Comparison(_result(data, models, found), found.get(OURS), predicted)


def _fit_candidates(
    setup: Setup,
    data: TaskData,
    chosen: Sequence[str],
    tests: Tests,
    searched: "pd.Series[bool]",
) -> dict[str, Predicted]:
    train = Samples(
        values=core.features(data.train)[:, : len(CORE)],
        label=data.codes(data.train["genre"]),
        truth=data.codes(data.train["truth"]),
        artist=np.unique(core.artists(data.train), return_inverse=True)[1],
        searched=searched[data.train.index].to_numpy(),
    )
    own = {name: values[:, : len(CORE)] for name, values in tests.items()}
    genres = len(data.task.genres)
    calls = [(key, train, own, genres, setup.size, setup.seed) for key in chosen]
    results = setup.jobs.run(f"{data.task.name}: models", fit_candidate, calls)
    return dict(zip(chosen, results, strict=True))


def _folds_of_ours(setup: Setup, data: TaskData, searched: "pd.Series[bool]") -> list[float]:
    """Return our model's weighted F1 on folds of the artists that settings are searched on."""
    rows = data.rows[searched & (data.rows["side"] == Side.TRAIN)]
    plan = core.plan_of(data.task, setup.size, check=True)
    folds = GroupKFold(setup.size.folds, shuffle=True, random_state=setup.seed)
    calls, truths = [], []
    for train, tested in folds.split(rows, groups=core.artists(rows)):
        known = rows.iloc[tested]
        known = known[known["truth"] != ""]
        truths.append(data.codes(known["truth"]))
        tests = {"core": core.core_only(core.features(known))}
        calls.append((rows.iloc[train], data.task, plan, setup.seed, tests))
    results = setup.jobs.run(f"{data.task.name}: our model on folds", core.fit_ours, calls)
    return [
        weighted_f1(truth, result.tests["core"].argmax(axis=1), truth=truth)
        for truth, result in zip(truths, results, strict=True)
    ]


def _model(setup: Setup, data: TaskData, key: str, found: Predicted) -> ModelResult:
    entry = candidates()[key]
    about = {
        "key": key,
        "name": entry["name"],
        "group": entry.get("group", "study"),
        "note": note(key, setup.size, len(data.task.genres), len(data.train)),
        "settings": found.settings,
        "calibrated": not key.startswith("svc"),
    }
    return _measured(data, found, found.folds, about)


def _our_model(
    setup: Setup, data: TaskData, found: Predicted, searched: "pd.Series[bool]"
) -> ModelResult:
    about = {
        "key": OURS,
        "name": OURS_NAME,
        "group": "ours",
        "note": OURS_NOTE,
        "settings": core.settings_of(data.task, setup.size),
        "calibrated": True,
    }
    return _measured(data, found, _folds_of_ours(setup, data, searched), about)


def _measured(
    data: TaskData, found: Predicted, folds: Sequence[float], about: Mapping[str, Any]
) -> ModelResult:
    genres, truth = data.task.genres, data.codes(data.test["truth"])
    test, train = found.tests["core"], data.codes(data.train_songs["truth"])
    scored = {
        name: figures(found.tests[test_name], truth, genres)
        for name, test_name in (("with_all", "all"), ("resampled", RESAMPLED))
        if test_name in found.tests
    }
    return ModelResult(
        **about,
        rows=found.rows,
        fold=float(np.mean(folds)),
        fold_error=float(np.std(folds) / max(len(folds) - 1, 1) ** 0.5),
        train=weighted_f1(train, found.tests["train"].argmax(axis=1), truth=train),
        test=figures(test, truth, genres),
        error=measure.standard_error(test, truth, core.artists(data.test)),
        with_all=scored.get("with_all"),
        resampled=scored.get("resampled"),
        roc=measure.roc(test, truth, genres),
        confusion=measure.confusion(test, truth, len(genres)),
        bytes=found.bytes,
        seconds=found.seconds,
        row_ms=found.row_ms,
    )


def _result(
    data: TaskData, models: Sequence[ModelResult], found: Mapping[str, Predicted]
) -> TaskResult:
    truth, genres = data.codes(data.test["truth"]), data.task.genres
    nine = [one for one in models if one.group == "study"]
    best = max(models, key=lambda one: one.fold).key
    shown, ours = found.get(OURS, found[best]).tests["core"], found.get(OURS)
    counts = [rows.value_counts() for rows in (data.train["genre"], data.test["truth"])]
    train, test = ({genre: int(own.get(genre, 0)) for genre in genres} for own in counts)
    return TaskResult(
        name=data.task.name,
        genres=genres,
        tables=data.tables,
        train_rows=train,
        test_rows=test,
        test_artists=len(set(core.artists(data.test))),
        models=tuple(models),
        best=best,
        best_of_study=max(nine, key=lambda one: one.fold).key if nine else "",
        reliability=measure.reliability(shown, truth),
        verdicts=measure.verdicts(ours.tests["all"], truth, ours.verdicts) if ours else (),
        mistakes=measure.mistakes(shown, truth, data.test, genres),
    )


def _predictions(
    data: TaskData, models: Sequence[ModelResult], found: Mapping[str, Predicted], song: int
) -> list[SongPrediction]:
    predictions = []
    for model in models:
        row = found[model.key].tests["songs"][song].tolist()
        ranked = sorted(zip(data.task.genres, row, strict=True), key=lambda pair: -pair[1])
        predictions.append(
            SongPrediction(task=data.task.name, model=model.name, genres=dict(ranked))
        )
    return predictions
