"""The whole study, from prepared rows to what `report.json` holds."""

import time
from collections.abc import Sequence
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
from training.study.robustness.run import exams, robustness
from training.study.scale import Size
from training.study.songs import AskedSong, shipped_opinions, values
from training.study.workspace import Workspace, workspace
from training.tasks import TASKS, narrowed_all

LIBRARIES: Final = ("numpy", "pandas", "scikit-learn", "joblib", "onnxruntime")
FIRST: Final = "study"
"""The task that stands first in the report: the study's own."""


@dataclass(frozen=True, slots=True)
class StudyOptions:
    """What was asked for; `cluster` says where, "" for this machine's processes."""

    size: Size
    seed: int
    keys: tuple[str, ...] = KEYS
    cluster: str = ""

    @property
    def whole(self) -> bool:
        """Whether all models were asked for, and so the honest part."""
        return set(self.keys) == set(KEYS)


def study(
    workshop: JobCache,
    rows: pd.DataFrame,
    songs: Sequence[AskedSong],
    order: StudyOptions,
    store: BundleStore,
) -> Report:
    """Do the study on prepared rows (see `training.dataset`); raises TooFewRows."""
    started = time.perf_counter()
    benches = _benches(rows, order)
    explored = workshop.do(
        "exploration",
        [Job(Exploration, explore, (one.rows, one.task, order.seed)) for one in benches],
    )
    contests = [
        compare(workshop, one, order.keys, values(songs), exams(one) if order.whole else {})
        for one in benches
    ]
    judged = [
        (one, run.committee) for one, run in zip(benches, contests, strict=True) if run.committee
    ]
    return Report(
        format=FORMAT,
        method=method(order.size),
        sources=_sources(rows),
        exploration=tuple(explored),
        tasks=tuple(run.report for run in contests),
        honest=robustness(workshop, judged) if order.whole else None,
        songs=_songs(songs, contests, shipped_opinions(songs, store)),
        run=Run(
            quick=not order.size.thorough,
            seed=order.seed,
            cluster=order.cluster,
            minutes=round((time.perf_counter() - started) / 60, 1),
            stages=workshop.stages,
            libraries={name: version(name) for name in LIBRARIES},
        ),
    )


def _benches(rows: pd.DataFrame, order: StudyOptions) -> list[Workspace]:
    kept = reduced(rows, order.size)
    tasks, _ = narrowed_all(TASKS, rows)
    small = [task.narrowed(kept, strict=False) for task in tasks]
    return [
        workspace(kept, task, order.size, order.seed)
        for task in sorted(small, key=lambda task: task.name != FIRST)
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
    songs: Sequence[AskedSong],
    contests: Sequence[Comparison],
    shipped: Sequence[tuple[SongPrediction, ...]],
) -> tuple[Song, ...]:
    return tuple(
        Song(
            artist=song.artist,
            title=song.title,
            genre=song.genre,
            table=song.table,
            features=song.features,
            opinions=(
                *(
                    SongPrediction(run.report.name, key, given[place])
                    for run in contests
                    for key, given in run.opinions.items()
                ),
                *shipped[place],
            ),
        )
        for place, song in enumerate(songs)
    )
