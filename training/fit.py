"""From tables to shipped bundles: fit, calibrate, measure, fit again on everything, save.

1. Rows on the training side are divided once more by artist: a committee is fitted on the larger
   part and calibrated on the smaller.
2. That committee is measured on the frozen test split, under every pattern of absence, beside the
   study's recipe. These are the figures in the bundle's metadata.
3. The committee that is shipped is fitted in the same way on all rows, the test rows too: more
   songs, same recipe. It keeps the calibration found in 1 and has no figures of its own.

Where the chat's corrections are among the rows (`training.chat_labels`), 1 and 2 are done without them
as well: calibration and test never see one, so both figures are of the same songs.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from typing import Any, Final

import joblib
import numpy as np
import pandas as pd

from model.bundle import MODEL, Metadata, digest
from model.schema import NAMES
from model.store import BundleStore
from training.baseline import fit_baseline
from training.calibration import Thresholds, calibration, thresholds
from training.ensemble import Ensemble
from training.ensemble_training import Plan, fit_ensemble
from training.evaluation import (
    FEWEST_AGREED,
    Predict,
    agreed,
    by_pattern,
    codes,
    figures,
    one_per_recording,
)
from training.export import to_onnx
from training.features import Absence, matrix
from training.identity import fingerprints
from training.slices import NO_ARTIST_NAMED, NO_SHARED_CREDIT, slice_flags
from training.split import TEST_SHARE, Side, groups, share_of
from training.tables import FEEDBACK, TABLES
from training.tasks import Task

PIPELINE: Final = "pipeline.joblib"
VALIDATION_SHARE: Final = 0.12
BASELINE: Final = "the study's recipe"
LIBRARIES: Final = ("numpy", "pandas", "scikit-learn", "onnx", "onnxruntime")
SPLIT: Final = (
    f"test: all recordings by {TEST_SHARE:.0%} of the artists, chosen by a hash of the name; "
    "where no artist is named, the same share of uploads or recordings, whose artists may have "
    f"been learnt from ({NO_ARTIST_NAMED!r}); a credit counts as one artist, so that one who leads it may "
    f"have been learnt from in another ({NO_SHARED_CREDIT!r} is without those); copies with one genre counted "
    "once, copies with several left out; the shipped model is fitted in the same way on all rows, "
    "these included, after these figures were measured; the settings were chosen among about "
    "twenty by figures on this split"
)

CHAT: Final = (
    FEEDBACK,
    "given for this purpose by people in the chat",
    "the chat's corrections: the genre that most people chose for a track",
)
"""Name, licence and source of the rows that no table gave."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model ready to be saved."""

    metadata: Metadata
    files: dict[str, bytes]

    def save(self, store: BundleStore) -> Metadata:
        """Write the bundle and point the model's name at it."""
        return store.save(self.metadata, self.files)


def fit(
    rows: pd.DataFrame, task: Task, plan: Plan, seed: int, chosen: Mapping[str, str] | None = None
) -> Fitted:
    """Fit `task`, narrowed to what `rows` can teach, on prepared rows (see `training.dataset`).

    `chosen` says by which rule this model was chosen, and how that came out.
    """
    judged, doubts = fit_judged(rows, task, plan, seed, f"{task.name}: to be tested")
    recipe = fit_baseline(rows[rows["side"] == Side.TRAIN], task, seed)
    metrics = measured(judged, recipe, rows, task) | ({"chosen": chosen} if chosen else {})
    corrected = rows["table"] == FEEDBACK
    if corrected.any():
        metrics |= _without_feedback(rows[~corrected], task, plan, seed)
    shipped = fit_ensemble(rows, task, plan, seed, f"{task.name}: to be shipped")
    shipped = replace(shipped, calibration=judged.calibration)
    return _fitted(shipped, doubts, metrics, rows, task)


def fit_judged(
    rows: pd.DataFrame, task: Task, plan: Plan, seed: int, title: str
) -> tuple[Ensemble, Thresholds]:
    """Fit on the larger part of the training side and calibrate on the smaller.

    The committee has seen no row of the test side.
    """
    train = rows[rows["side"] == Side.TRAIN]
    held_out = calibrates(train)
    committee = fit_ensemble(train[~held_out], task, plan, seed, title)
    judging = train[held_out & (train["table"] != FEEDBACK)]
    return _calibrated(committee, judging, task, plan.tilt, seed)


def calibrates(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Tell which rows of the training side a model is calibrated on, not fitted."""
    return groups(rows).map(lambda group: share_of(group, "validation")) < VALIDATION_SHARE


def _calibrated(
    committee: Ensemble, rows: pd.DataFrame, task: Task, tilt: float, seed: int
) -> tuple[Ensemble, Thresholds]:
    """Calibrate on held-out rows under random patterns of absence, nothing filled in."""
    rows = one_per_recording(rows[task.labelled(rows)])
    values = matrix(rows)
    hidden = Absence(values).hide(values, np.random.default_rng(seed))
    truth = codes(rows, task.genres)
    found = calibration(committee.raw_probabilities(hidden), truth, tilt)
    calibrated = replace(committee, calibration=found)
    return calibrated, thresholds(calibrated.probabilities(hidden), truth)


def measured(
    committee: Ensemble, recipe: Predict, rows: pd.DataFrame, task: Task
) -> dict[str, Any]:
    """Measure on the test split and its parts, beside the study's recipe, and where tables agree.

    Neither may have seen a row of the test side.
    """
    test = _test_rows(rows, task)
    ours = partial(by_pattern, committee.probabilities, genres=task.genres, features=task.features)
    metrics: dict[str, Any] = {
        "split": SPLIT,
        "test": ours(test),
        f"test, {BASELINE}": _measured(recipe, test, task),
    }
    for name, part in slice_flags(test, rows).items():
        metrics[f"test, {name}"] = ours(test[part])
        metrics[f"test, {name}, {BASELINE}"] = _measured(recipe, test[part], task)
    sure = agreed(rows[task.labelled(rows) & (rows["side"] == Side.TEST)])
    if len(sure) >= FEWEST_AGREED:
        metrics["test, two tables agree"] = ours(sure)
        metrics[f"test, two tables agree, {BASELINE}"] = _measured(recipe, sure, task)
    return metrics


def _without_feedback(rows: pd.DataFrame, task: Task, plan: Plan, seed: int) -> dict[str, Any]:
    """Measure what would have been learnt without the chat's corrections."""
    committee, _ = fit_judged(rows, task, plan, seed, f"{task.name}: without feedback")
    test = _test_rows(rows, task)
    patterns = by_pattern(committee.probabilities, test, task.genres, task.features)
    return {f"test, {name}, without feedback": figures for name, figures in patterns.items()}


def _test_rows(rows: pd.DataFrame, task: Task) -> pd.DataFrame:
    return one_per_recording(rows[task.labelled(rows) & (rows["side"] == Side.TEST)])


def _measured(predict: Predict, rows: pd.DataFrame, task: Task) -> dict[str, Any]:
    return figures(predict(matrix(rows)), codes(rows, task.genres), task.genres)


def _fitted(
    committee: Ensemble, doubts: Thresholds, metrics: dict[str, Any], rows: pd.DataFrame, task: Task
) -> Fitted:
    onnx = to_onnx(committee)
    pipeline = io.BytesIO()
    joblib.dump(committee, pipeline, compress=("xz", 6))
    recordings = rows[task.labelled(rows) & ~fingerprints(rows).duplicated()]
    metadata = Metadata(
        name=task.name,
        version=digest(onnx)[:8],
        features=task.features,
        genres=task.genres,
        close_margin=doubts.close_margin,
        unsure_below=doubts.unsure_below,
        typical_song=_medians(recordings, task),
        typical_genres={
            genre: _medians(recordings[recordings["genre"] == genre], task) for genre in task.genres
        },
        metrics=metrics,
        data=tuple(_provenance(rows, task)),
        libraries={name: version(name) for name in LIBRARIES},
    )
    return Fitted(metadata, {MODEL: onnx, PIPELINE: pipeline.getvalue()})


def _medians(rows: pd.DataFrame, task: Task) -> dict[str, float]:
    known = {name: rows[name].median() for name in task.features if name in NAMES}
    return {name: round(float(value), 4) for name, value in known.items() if not np.isnan(value)}


def _provenance(rows: pd.DataFrame, task: Task) -> list[dict[str, Any]]:
    origins = [(table.name, table.licence, table.source) for table in TABLES]
    entries = []
    for name, licence, source in (*origins, CHAT):
        own = rows[rows["table"] == name]
        genres = own.loc[task.labelled(own), "genre"].value_counts()
        if len(own):
            entries.append(
                {
                    "name": name,
                    "rows": len(own),
                    "rows_by_genre": {genre: int(count) for genre, count in genres.items()},
                    "licence": licence,
                    "source": source,
                }
            )
    return entries
