"""Fits a task's model and makes its bundle.

1. The training rows are split once more by artist. An ensemble is fitted on the larger part and
   calibrated on the smaller part.
2. That ensemble is measured on the frozen test split, under every feature pattern, beside the
   baseline. The bundle's metadata holds these figures.
3. The shipped ensemble is fitted in the same way on all rows including the test rows, and keeps the
   calibration of step 1. It has no figures of its own.

If the rows include labels from the chat (`training.chat_labels`), steps 1 and 2 are also done
without them. Calibration and test never use them, so both sets of figures are of the same songs.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any, Final

import joblib
import numpy as np
import pandas as pd

from model.bundle import MODEL, Metadata, digest
from model.metrics import (
    FeaturePattern,
    MeasuredModel,
    Measurement,
    Metrics,
    Selection,
    Slice,
    Split,
)
from model.schema import NAMES
from model.store import BundleStore
from model.verdicts import UNMEASURED
from training.baseline import fit_baseline
from training.calibration import Thresholds, fit_calibration, fit_thresholds
from training.ensemble import Ensemble
from training.ensemble_training import Plan, fit_ensemble
from training.evaluation import (
    MIN_AGREED,
    Predict,
    agreed,
    by_pattern,
    codes,
    figures,
    one_per_recording,
)
from training.export import to_onnx
from training.features import Absence, matrix
from training.slices import SLICE_NAMES, slice_flags
from training.split import TEST_SHARE, Side, groups, share_of
from training.tables import FEEDBACK, TABLES
from training.tasks import Task

PIPELINE: Final = "pipeline.joblib"
VALIDATION_SHARE: Final = 0.12
"""Share of the training side's groups that the ensemble is calibrated on."""

LIBRARIES: Final = ("numpy", "pandas", "scikit-learn", "onnx", "onnxruntime")
SPLIT: Final = (
    f"test: all recordings of {TEST_SHARE:.0%} of the artists, chosen by a hash of the name; "
    "rows without an artist are split by upload or recording in the same proportion, so their "
    f"artists may also be in training (slice {SLICE_NAMES[Slice.NO_ARTIST_NAMED]!r}); a joint "
    "credit counts as one artist, so its first artist may be in training under another credit "
    f"(slice {SLICE_NAMES[Slice.NO_SHARED_CREDIT]!r} is without those); recordings whose copies "
    "have one genre count once, recordings with several genres are left out; after these figures "
    "were measured, the shipped model is fitted in the same way on all rows including the test "
    "rows; the settings were selected among about twenty by figures on this split"
)

CHAT: Final = (
    FEEDBACK,
    "given for this purpose by people in the chat",
    "the chat's corrections: the genre that most people chose for a track",
)
"""Name, licence and source of the labels from the chat."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted model: the content of its bundle."""

    metadata: Metadata
    files: dict[str, bytes]

    def save(self, store: BundleStore) -> Metadata:
        """Save the bundle, without promoting it; returns its completed metadata."""
        return store.save(self.metadata, self.files)


def fit(
    rows: pd.DataFrame, task: Task, plan: Plan, seed: int, selection: Selection | None = None
) -> Fitted:
    """Fit the model of a task.

    Args:
        rows: The dataset (see `training.dataset`).
        task: The task, narrowed to what `rows` can teach.
        plan: Hyperparameters.
        seed: Seed of all random draws.
        selection: Why this model is shipped, for the metadata.
    """
    ensemble, _ = fit_calibrated(rows, task, plan, seed, f"{task.name}: to be tested")
    baseline = fit_baseline(rows[rows["side"] == Side.TRAIN], task, seed)
    measurements = list(measure(ensemble, baseline, rows, task))
    from_chat = rows["table"] == FEEDBACK
    if from_chat.any():
        measurements += _without_feedback(rows[~from_chat], task, plan, seed)
    shipped = fit_ensemble(rows, task, plan, seed, f"{task.name}: to be shipped")
    shipped = replace(shipped, calibration=ensemble.calibration)
    metrics = Metrics(SPLIT, selection, tuple(measurements))
    return _fitted(shipped, metrics, rows, task)


def fit_calibrated(
    rows: pd.DataFrame, task: Task, plan: Plan, seed: int, title: str
) -> tuple[Ensemble, Thresholds]:
    """Fit an ensemble on the larger part of the training side and calibrate it on the smaller part.

    Rows of the test side are not used.
    """
    train = rows[rows["side"] == Side.TRAIN]
    held_out = is_calibration_row(train)
    ensemble = fit_ensemble(train[~held_out], task, plan, seed, title)
    calibrating = train[held_out & (train["table"] != FEEDBACK)]
    return _calibrated(ensemble, calibrating, task, plan.prior_correction, seed)


def is_calibration_row(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Return for each row of the training side whether it is for calibration, not for fitting."""
    return groups(rows).map(lambda group: share_of(group, "validation")) < VALIDATION_SHARE


def _calibrated(
    ensemble: Ensemble, rows: pd.DataFrame, task: Task, prior_correction: float, seed: int
) -> tuple[Ensemble, Thresholds]:
    """Calibrate on held-out rows with randomly hidden features; missing values are not filled."""
    rows = one_per_recording(rows[task.labelled(rows)])
    values = matrix(rows)
    hidden = Absence(values).hide(values, np.random.default_rng(seed))
    truth = codes(rows, task.genres)
    calibration = fit_calibration(ensemble.raw_probabilities(hidden), truth, prior_correction)
    calibrated = replace(ensemble, calibration=calibration)
    return calibrated, fit_thresholds(calibrated.probabilities(hidden), truth)


def measure(
    ensemble: Ensemble, baseline: Predict, rows: pd.DataFrame, task: Task
) -> Iterator[Measurement]:
    """Measure ensemble and baseline on the test split and its slices.

    Neither may have been fitted on rows of the test side.
    """
    test = _test_rows(rows, task)
    slices = {Slice.ALL: test}
    slices |= {slice_: test[flags] for slice_, flags in slice_flags(test, rows).items()}
    agreeing = agreed(rows[task.labelled(rows) & (rows["side"] == Side.TEST)])
    if len(agreeing) >= MIN_AGREED:
        slices[Slice.TWO_TABLES_AGREE] = agreeing
    for slice_, tested in slices.items():
        yield from _measure_ensemble(ensemble, tested, task, slice_, MeasuredModel.OURS)
        scores = figures(baseline(matrix(tested)), codes(tested, task.genres), task.genres)
        yield Measurement(Split.TEST, slice_, FeaturePattern.CORE, MeasuredModel.BASELINE, scores)


def _without_feedback(
    rows: pd.DataFrame, task: Task, plan: Plan, seed: int
) -> Iterator[Measurement]:
    """Measure a model that was fitted without the labels from the chat."""
    ensemble, _ = fit_calibrated(rows, task, plan, seed, f"{task.name}: without feedback")
    test = _test_rows(rows, task)
    return _measure_ensemble(ensemble, test, task, Slice.ALL, MeasuredModel.WITHOUT_FEEDBACK)


def _measure_ensemble(
    ensemble: Ensemble, rows: pd.DataFrame, task: Task, slice_: Slice, model: MeasuredModel
) -> Iterator[Measurement]:
    for pattern, scores in by_pattern(ensemble.probabilities, rows, task.genres, task.features):
        yield Measurement(Split.TEST, slice_, pattern, model, scores)


def _test_rows(rows: pd.DataFrame, task: Task) -> pd.DataFrame:
    return one_per_recording(rows[task.labelled(rows) & (rows["side"] == Side.TEST)])


def _fitted(ensemble: Ensemble, metrics: Metrics, rows: pd.DataFrame, task: Task) -> Fitted:
    onnx = to_onnx(ensemble)
    pipeline = io.BytesIO()
    joblib.dump(ensemble, pipeline, compress=("xz", 6))
    recordings = rows[task.labelled(rows) & ~rows["recording"].duplicated()]
    metadata = Metadata(
        name=task.name,
        version=digest(onnx)[:8],
        features=task.features,
        genres=task.genres,
        verdicts=UNMEASURED,
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


def _provenance(rows: pd.DataFrame, task: Task) -> Iterator[dict[str, Any]]:
    origins = [(table.name, table.licence, table.source) for table in TABLES]
    for name, licence, source in (*origins, CHAT):
        own = rows[rows["table"] == name]
        genres = own.loc[task.labelled(own), "genre"].value_counts()
        if len(own):
            yield {
                "name": name,
                "rows": len(own),
                "rows_by_genre": {genre: int(count) for genre, count in genres.items()},
                "licence": licence,
                "source": source,
            }
