"""Runs the study: from the dataset to the content of `report.json`."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final

import pandas as pd

from model.store import BundleStore
from training import tables
from training.study.candidates import KEYS
from training.study.comparison import Comparison, compare
from training.study.eval_sets import reduced
from training.study.exploration import Exploration, explore
from training.study.job_cache import Job, JobCache
from training.study.method import method
from training.study.results import FORMAT, Report, Run, Song, SongPrediction, Source
from training.study.robustness.run import eval_sets, robustness
from training.study.scale import Size
from training.study.songs import ExampleSong, shipped_predictions, values
from training.study.workspace import Workspace, build_workspace
from training.tasks import TASKS, narrowed_all

LIBRARIES: Final = ("numpy", "pandas", "scikit-learn", "joblib", "onnxruntime")
FIRST_TASK: Final = "study"
"""The original study's task, which comes first in the report."""


@dataclass(frozen=True, slots=True)
class StudyOptions:
    """Options of a run.

    Attributes:
        size: Size of the run.
        seed: Seed of all random draws.
        keys: Keys of the models to run.
        cluster: Address of the Dask cluster; empty if none is used.
    """

    size: Size
    seed: int
    keys: tuple[str, ...] = KEYS
    cluster: str = ""

    @property
    def all_models(self) -> bool:
        """Whether all models are run, and therefore the robustness experiments too."""
        return set(self.keys) == set(KEYS)


def study(
    job_cache: JobCache,
    rows: pd.DataFrame,
    songs: Sequence[ExampleSong],
    options: StudyOptions,
    store: BundleStore,
) -> Report:
    """Run the study on a dataset (see `training.dataset`); raises TooFewRows."""
    started = time.perf_counter()
    workspaces = _workspaces(rows, options)
    explored = job_cache.run_all(
        "exploration",
        [Job(Exploration, explore, (one.rows, one.task, options.seed)) for one in workspaces],
    )
    features = values(songs)
    comparisons = []
    for one in workspaces:
        more = eval_sets(one) if options.all_models else {}
        comparisons.append(compare(job_cache, one, options.keys, features, more))
    ensembles = [
        (workspace, one.ensemble)
        for workspace, one in zip(workspaces, comparisons, strict=True)
        if one.ensemble
    ]
    return Report(
        format=FORMAT,
        method=method(options.size),
        sources=_sources(rows),
        exploration=tuple(explored),
        tasks=tuple(one.report for one in comparisons),
        robustness=robustness(job_cache, ensembles) if options.all_models else None,
        songs=_songs(songs, comparisons, shipped_predictions(songs, store)),
        run=_run(options, time.perf_counter() - started, job_cache.stages),
    )


def _run(options: StudyOptions, seconds: float, stages: Mapping[str, float]) -> Run:
    return Run(
        quick=not options.size.full_grid,
        seed=options.seed,
        cluster=options.cluster,
        minutes=round(seconds / 60, 1),
        stages=stages,
        libraries={name: version(name) for name in LIBRARIES},
    )


def _workspaces(rows: pd.DataFrame, options: StudyOptions) -> list[Workspace]:
    used = reduced(rows, options.size)
    tasks, _ = narrowed_all(TASKS, rows)
    narrowed = [task.narrowed(used, strict=False) for task in tasks]
    return [
        build_workspace(used, task, options.size, options.seed)
        for task in sorted(narrowed, key=lambda task: task.name != FIRST_TASK)
    ]


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


def _songs(
    songs: Sequence[ExampleSong],
    comparisons: Sequence[Comparison],
    shipped: Sequence[tuple[SongPrediction, ...]],
) -> tuple[Song, ...]:
    return tuple(
        Song(
            artist=song.artist,
            title=song.title,
            genre=song.genre,
            table=song.table,
            features=song.features,
            predictions=(
                *(
                    SongPrediction(one.report.name, key, by_song[number])
                    for one in comparisons
                    for key, by_song in one.song_predictions.items()
                ),
                *shipped[number],
            ),
        )
        for number, song in enumerate(songs)
    )
