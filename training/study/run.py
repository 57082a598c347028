"""Runs the study: from the dataset to the content of `report.json`."""

import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Final

import pandas as pd

from model.store import BundleStore
from training import tables
from training.split import Side
from training.study import core
from training.study.candidates import keys
from training.study.checks import absence_tests, run_checks
from training.study.comparison import Comparison, Setup, compare
from training.study.core import TaskData
from training.study.exploration import explore
from training.study.labels import agreements, meanings
from training.study.results import Checks, Report, Run, Source
from training.study.songs import ExampleSongs, typical_songs
from training.tasks import TASKS, narrowed_all

LIBRARIES: Final = ("numpy", "pandas", "scikit-learn", "joblib", "altair", "onnxruntime")
FIRST_TASK: Final = "study"
"""The original study's task, which comes first in the report."""


def study(
    setup: Setup,
    rows: pd.DataFrame,
    artist_genres: "pd.Series[str]",
    songs: ExampleSongs,
    store: BundleStore,
) -> Report:
    """Run the study on a dataset (see `training.dataset`); raises TooFewRows.

    Args:
        setup: The run. The experiments are run with all models only.
        rows: The dataset.
        artist_genres: What sources say of each row's artist, "" if unknown.
        songs: The example songs.
        store: The shipped bundles.
    """
    started = time.perf_counter()
    drawn = core.some_artists(rows, setup.size.artist_share, "size")
    used = rows[drawn | (rows["side"] != Side.TRAIN)].reset_index(drop=True)
    datas = _task_data(used, setup)
    calls = [(data, setup.seed) for data in datas]
    explored = setup.jobs.run("exploration", explore, calls)
    filled = absence_tests(datas[-1], setup.seed)
    compared = [
        compare(setup, data, songs.values, filled if data is datas[-1] else {}) for data in datas
    ]
    return Report(
        run=_run(setup, time.perf_counter() - started),
        sources=_sources(rows),
        typical=typical_songs(store),
        explorations={
            data.task.name: one for data, one in zip(datas, explored, strict=True)
        },
        tasks=tuple(one.result for one in compared),
        agreements=agreements(rows),
        meanings=meanings(rows, artist_genres),
        checks=_checks(setup, datas, compared, filled),
        songs=songs.results([one.songs for one in compared], store),
    )


def _task_data(rows: pd.DataFrame, setup: Setup) -> list[TaskData]:
    tasks, _ = narrowed_all(TASKS, rows)
    ordered = sorted(tasks, key=lambda task: task.name != FIRST_TASK)
    return [core.task_data(rows, task, setup.seed) for task in ordered]


def _checks(
    setup: Setup,
    datas: Sequence[TaskData],
    compared: Sequence[Comparison],
    filled: dict[str, core.Matrix],
) -> Checks:
    if set(setup.keys) != set(keys()):
        return Checks()
    ours = {data.task.name: one.ours for data, one in zip(datas, compared, strict=True) if one.ours}
    return run_checks(setup, datas, ours, filled)


def _run(setup: Setup, seconds: float) -> Run:
    return Run(
        quick=not setup.size.full_grid,
        seed=setup.seed,
        minutes=seconds / 60,
        date=datetime.now(UTC).date().isoformat(),
        libraries={name: version(name) for name in LIBRARIES},
        size=asdict(setup.size),
    )


def _sources(rows: pd.DataFrame) -> tuple[Source, ...]:
    labelled = rows["genre"] != ""
    return tuple(
        Source(
            name=table.name,
            rows=int(own.sum()),
            labelled=int((own & labelled).sum()),
            licence=table.licence,
            source=table.source,
        )
        for table in tables.TABLES
        if (own := rows["table"] == table.name).any()
    )
