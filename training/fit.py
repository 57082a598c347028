"""Fits a task's model and makes its bundle.

1. The training rows are split once more by artist. An ensemble is fitted on the larger part and
   calibrated on the smaller part.
2. That ensemble is measured on the frozen test split, under every feature pattern and the default
   prior, beside the baseline. The bundle's metadata holds these figures.
3. The shipped ensemble is fitted in the same way on all rows including the test rows, and keeps the
   calibration of step 1. It has no figures of its own.

`train retrain` leaves step 3 out, so that no song of the test split trains what is shipped.

If the rows include labels from the chat (`training.feedback`), steps 1 and 2 are also done
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

from model.bundle import MODEL, REHEARSAL, SUBGENRES, Metadata
from model.bundle_files import digest
from model.metrics import MeasuredModel, Measurement, Metrics, Slice
from model.store import BundleStore
from model.verdicts import VerdictFigures
from training import priors
from training.baseline import fit_baseline
from training.calibrated_model import CalibratedModel, fit_calibrated
from training.ensemble_training import Plan, fit_ensemble
from training.evaluation import truth_rows
from training.export import subgenres_to_onnx, to_onnx
from training.measurement import measure, measured_on, verdict_figures
from training.retrain.rehearsal import Rehearsal, training_songs
from training.split import TEST_SHARE
from training.subgenres import SubgenreEnsemble, fit_subgenres
from training.tables import ARTIST_GENRES, FEEDBACK, ORIGINS, TABLES
from training.tasks import Task

PIPELINE: Final = "pipeline.joblib"
LIBRARIES: Final = ("numpy", "pandas", "scikit-learn", "jax", "optax", "onnx", "onnxruntime")
SPLIT: Final = (
    f"test: all recordings of {TEST_SHARE:.0%} of the artists, chosen by a hash of the name that a "
    "credit names first; rows without an artist are split by upload or recording; at most eight "
    "songs of an artist are measured, and none whose copies have several true genres; {fitted}; "
    "the settings were selected among about thirty by figures on this split"
)
WHOLE: Final = (
    "after these figures were measured, the shipped model is fitted in the same way on all rows "
    "including the test rows"
)
MEASURED_IS_SHIPPED: Final = "the model that was measured is shipped, without the test rows"


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted model: the content of its bundle.

    Attributes:
        metadata: The bundle's metadata.
        files: Content of each file by name.
        without_feedback: The model fitted without labels from the chat; None if it has none.
    """

    metadata: Metadata
    files: dict[str, bytes]
    without_feedback: CalibratedModel | None = None

    def save(self, store: BundleStore) -> Metadata:
        """Save the bundle, without promoting it; returns its completed metadata."""
        return store.save(self.metadata, self.files)


def fit(rows: pd.DataFrame, task: Task, plan: Plan, seed: int, *, whole: bool = True) -> Fitted:
    """Fit the model of a task, which is narrowed to what `rows` of the dataset can teach.

    If not `whole`, the model that was measured is shipped, which no test row has trained.
    """
    model = fit_calibrated(rows, task, plan, seed, f"{task.name}: to be tested")
    baseline = fit_baseline(rows, task, seed)
    measurements = list(measure(model, baseline, rows, task))
    from_chat = rows["table"] == FEEDBACK
    without = None
    if from_chat.any():
        title = f"{task.name}: without feedback"
        without = fit_calibrated(rows[~from_chat], task, plan, seed, title)
        measurements += _measured_without_feedback(without, rows[~from_chat], task)
    shipped = model.ensemble
    if whole:
        shipped = fit_ensemble(rows, task, plan, seed, f"{task.name}: to be shipped")
        shipped = replace(shipped, calibration=model.ensemble.calibration)
    subgenres = fit_subgenres(rows, task, seed, whole=whole) if task.by_artist else None
    split = SPLIT.format(fitted=WHOLE if whole else MEASURED_IS_SHIPPED)
    metrics = Metrics(split, measurements=tuple(measurements))
    verdicts = verdict_figures(model, rows, task)
    fitted = _fitted(
        model=replace(model, ensemble=shipped),
        subgenres=subgenres,
        verdicts=verdicts,
        metrics=metrics,
        rows=rows,
        task=task,
    )
    return replace(fitted, without_feedback=without)


def _measured_without_feedback(
    model: CalibratedModel, rows: pd.DataFrame, task: Task
) -> Iterator[Measurement]:
    """Measure a model that was fitted without the labels from the chat."""
    test = truth_rows(rows, task)
    without = MeasuredModel.WITHOUT_FEEDBACK
    return measured_on(model.probabilities, test, task, Slice.ALL, without)


def _fitted(
    *,
    model: CalibratedModel,
    subgenres: SubgenreEnsemble | None,
    verdicts: dict[str, VerdictFigures],
    metrics: Metrics,
    rows: pd.DataFrame,
    task: Task,
) -> Fitted:
    onnx = to_onnx(model.ensemble)
    second = subgenres_to_onnx(subgenres) if subgenres else b""
    pipeline = io.BytesIO()
    joblib.dump(model, pipeline, compress=("xz", 6))
    recordings = rows.assign(truth=task.truth(rows))
    recordings = recordings[(recordings["truth"] != "") & ~recordings["recording"].duplicated()]
    metadata = Metadata(
        name=task.name,
        version=digest(onnx + second + repr((model.shares, verdicts)).encode())[:8],
        features=task.features,
        genres=task.genres,
        verdicts=verdicts,
        typical_song=_medians(recordings, task),
        typical_genres={
            genre: _medians(recordings[recordings["truth"] == genre], task) for genre in task.genres
        },
        metrics=metrics,
        data=tuple(_provenance(rows, task)),
        libraries={name: version(name) for name in LIBRARIES},
        priors=model.shares,
        prior_temper=priors.TEMPER if model.shares else 0.0,
        subgenres=subgenres.columns if subgenres else (),
    )
    from_tables = training_songs(rows[rows["table"] != FEEDBACK])
    files = {
        MODEL: onnx,
        PIPELINE: pipeline.getvalue(),
        REHEARSAL: Rehearsal.fit(from_tables, task).to_bytes(),
    } | ({SUBGENRES: second} if second else {})
    return Fitted(metadata, files)


def _medians(rows: pd.DataFrame, task: Task) -> dict[str, float]:
    known = {name: rows[name].median() for name in task.features}
    return {name: round(float(value), 4) for name, value in known.items() if not np.isnan(value)}


def _provenance(rows: pd.DataFrame, task: Task) -> Iterator[dict[str, Any]]:
    for origin in (*TABLES, ORIGINS[FEEDBACK]):
        own = rows[rows["table"] == origin.name]
        genres = task.readings(own).value_counts().drop("", errors="ignore")
        if len(own):
            yield {
                "name": origin.name,
                "rows": len(own),
                "rows_by_genre": {genre: int(count) for genre, count in genres.items()},
                "licence": origin.licence,
                "source": origin.source,
            }
    if task.uses_artists(rows):
        artists = rows.loc[rows["artist_genre"] != "", "artist"]
        yield {
            "name": ARTIST_GENRES,
            "rows": int(artists.nunique()),
            "licence": ORIGINS[ARTIST_GENRES].licence,
            "source": ORIGINS[ARTIST_GENRES].source,
        }
