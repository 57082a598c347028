"""Compares random splits with the split by artist."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from training.evaluation import one_per_recording
from training.split import Side
from training.study.eval_sets import EvalSet, eval_set, one_per_genre
from training.study.job_cache import JobCache
from training.study.robustness.fits import BOOSTING, FOREST, core_features_job
from training.study.robustness.results import ConditionResult
from training.study.workspace import Workspace

ALL: Final = ""
ON_NAMED: Final = ", tested on songs with a named artist"
"""Rows without an artist are split by upload or recording, also in the split "by artist"."""

ROWS: Final = "rows at random"
RECORDINGS: Final = "recordings at random"
ARTISTS: Final = "by artist"


def splits(job_cache: JobCache, workspace: Workspace) -> tuple[ConditionResult, ...]:
    """Measure forest and boosted trees after three splits of the same rows."""
    cases = [
        (model, condition, sides)
        for condition, sides in divided(workspace).items()
        for model in (FOREST, BOOSTING)
    ]
    genres = workspace.task.genres
    jobs = [
        core_features_job(
            model,
            one_per_genre(train),
            genres,
            _eval_sets(one_per_recording(test), genres),
            workspace,
        )
        for model, _, (train, test) in cases
    ]
    scores = job_cache.run_all(f"{workspace.task.name}: splits", jobs)
    return tuple(
        ConditionResult(workspace.task.name, model, f"{condition}{on}", figures)
        for (model, condition, _), score in zip(cases, scores, strict=True)
        for on, figures in score.figures.items()
    )


def _eval_sets(test: pd.DataFrame, genres: Sequence[str]) -> dict[str, EvalSet]:
    """Return all test songs, and those with a named artist if these are only a part."""
    named = test[test["artist"] != ""]
    tests = {ALL: test} | ({ON_NAMED: named} if 0 < len(named) < len(test) else {})
    return {on: eval_set(songs, genres).core_only() for on, songs in tests.items()}


def divided(workspace: Workspace) -> dict[str, tuple[pd.DataFrame, pd.DataFrame]]:
    """Return training and test rows of each split, with about the same number of test rows."""
    labelled = workspace.task.labelled(workspace.rows)
    rows = workspace.rows[labelled & (workspace.rows["side"] != Side.LEFT_OUT)]
    by_artist = rows["side"] == Side.TEST
    share = by_artist.mean()
    rng = np.random.default_rng(workspace.seed)
    row_tested = rng.permutation(len(rows)) < share * len(rows)
    recording = rows["recording"]
    draw = pd.Series(rng.random(recording.nunique()), recording.unique())
    tested = {
        ROWS: row_tested,
        RECORDINGS: (recording.map(draw) < share).to_numpy(),
        ARTISTS: by_artist.to_numpy(),
    }
    return {name: (rows[~flags], rows[flags]) for name, flags in tested.items()}
