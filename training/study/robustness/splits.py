"""The same models after a split at random and after the split by artist."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from training.evaluation import one_per_recording
from training.split import Side
from training.study.eval_sets import EvalSet, eval_set, one_per_genre
from training.study.job_cache import JobCache
from training.study.robustness.fits import BOOSTING, FOREST, on_core
from training.study.robustness.results import Measured
from training.study.workspace import Workspace

ALL: Final = ""
ON_NAMED: Final = ", tested on songs with a named artist"
"""Without an artist the split "by artist" is one by upload or recording, too."""

ROWS: Final = "rows at random"
RECORDINGS: Final = "recordings at random"
ARTISTS: Final = "by artist"


def splits(workshop: JobCache, bench: Workspace) -> tuple[Measured, ...]:
    """Measure forest and boosted trees after three ways to divide the same rows."""
    asked = [
        (model, condition, sides)
        for condition, sides in divided(bench).items()
        for model in (FOREST, BOOSTING)
    ]
    genres = bench.task.genres
    pieces = [
        on_core(
            model,
            one_per_genre(train),
            genres,
            _exams(one_per_recording(test), genres),
            bench,
        )
        for model, _, (train, test) in asked
    ]
    marks = workshop.do(f"{bench.task.name}: splits", pieces)
    return tuple(
        Measured(bench.task.name, model, f"{condition}{on}", figures)
        for (model, condition, _), mark in zip(asked, marks, strict=True)
        for on, figures in mark.figures.items()
    )


def _exams(test: pd.DataFrame, genres: Sequence[str]) -> dict[str, EvalSet]:
    """Return all test songs, and those with a named artist if they are but a part."""
    named = test[test["artist"] != ""]
    asked = {ALL: test} | ({ON_NAMED: named} if 0 < len(named) < len(test) else {})
    return {on: eval_set(songs, genres).core_only() for on, songs in asked.items()}


def divided(bench: Workspace) -> dict[str, tuple[pd.DataFrame, pd.DataFrame]]:
    """Return rows to learn from and to test on, as many to test on each time."""
    rows = bench.rows[bench.task.labelled(bench.rows) & (bench.rows["side"] != Side.LEFT_OUT)]
    by_artist = rows["side"] == Side.TEST
    share = by_artist.mean()
    rng = np.random.default_rng(bench.seed)
    row_tested = rng.permutation(len(rows)) < share * len(rows)
    recording = rows["recording"]
    chance = pd.Series(rng.random(recording.nunique()), recording.unique())
    tested = {
        ROWS: row_tested,
        RECORDINGS: (recording.map(chance) < share).to_numpy(),
        ARTISTS: by_artist.to_numpy(),
    }
    return {name: (rows[~flags], rows[flags]) for name, flags in tested.items()}
