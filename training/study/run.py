"""Runs the study: from the dataset to the content of `report.json`."""

import time
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Final

import pandas as pd

from model.store import BundleStore
from training import tables
from training.features import matrix
from training.split import Side
from training.study import core, songs
from training.study.candidates import keys
from training.study.checks import absence_tests, run_checks
from training.study.comparison import Setup, compare
from training.study.core import TaskData
from training.study.exploration import explore
from training.study.labels import agreements, meanings
from training.study.results import Report, Run, Source
from training.tasks import TASKS, narrowed_all

LIBRARIES: Final = ("numpy", "pandas", "scikit-learn", "joblib", "altair", "onnxruntime")
FIRST_TASK: Final = "study"
"""The original study's task, which comes first in the report."""


def study(setup: Setup, rows: pd.DataFrame, examples: pd.DataFrame, store: BundleStore) -> Report:
    """Run the study on a dataset (see `training.dataset`); raises TooFewRows.

    The experiments are run with all models only. For `examples` see `training.study.songs`; `store`
    has the shipped bundles.
    """
    started = time.perf_counter()
    drawn = core.some_artists(rows, setup.size.artist_share, "size")
    datas = _task_data(rows[drawn | (rows["side"] != Side.TRAIN)].reset_index(drop=True))
    calls = [(data, setup.seed) for data in datas]
    explored = setup.jobs.run("exploration", explore, calls)
    filled = absence_tests(datas[-1], setup.seed)
    values = matrix(examples)
    compared = {
        data.task.name: compare(setup, data, values, filled if data is datas[-1] else {})
        for data in datas
    }
    ours = compared[datas[-1].task.name].ours
    every = set(setup.keys) == set(keys())
    return Report(
        run=_run(setup, time.perf_counter() - started),
        sources=_sources(rows),
        typical=songs.typical_songs(store),
        explorations=dict(zip(compared, explored, strict=True)),
        tasks=tuple(one.result for one in compared.values()),
        verdicts=songs.shipped_verdicts(store),
        agreements=agreements(rows),
        meanings=meanings(rows),
        checks=run_checks(setup, datas, ours, filled) if ours and every else {},
        songs=songs.results(examples, {name: one.songs for name, one in compared.items()}, store),
    )


def _task_data(rows: pd.DataFrame) -> list[TaskData]:
    tasks, _ = narrowed_all(TASKS, rows)
    ordered = sorted(tasks, key=lambda task: task.name != FIRST_TASK)
    return [TaskData.of(rows, task) for task in ordered]


def _run(setup: Setup, seconds: float) -> Run:
    return Run(
        quick=not setup.size.full_grid,
        seed=setup.seed,
        minutes=seconds / 60,
        date=datetime.now(UTC).date().isoformat(),
        libraries={name: version(name) for name in LIBRARIES},
        size=setup.size,
    )


def _sources(rows: pd.DataFrame) -> tuple[Source, ...]:
    count = rows["table"].value_counts()
    labelled = rows.loc[rows["genre"] != "", "table"].value_counts()
    newest = rows.groupby("table")["year"].max().dropna()
    found = {name: (count[name], labelled.get(name, 0)) for name in tables.NAMES if name in count}
    if artists := rows.loc[rows["artist_genre"] != "", "artist"].nunique():
        found[tables.ARTIST_GENRES] = (artists, artists)
    return tuple(
        Source(
            name=name,
            rows=n,
            labelled=k,
            licence=own.licence,
            source=own.source,
            newest_year=newest.get(name),
        )
        for name, (n, k) in found.items()
        for own in [tables.ORIGINS[name]]
    )
