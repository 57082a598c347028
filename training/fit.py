"""Fits a task's model and makes its bundle.

1. The training rows are split once more by artist. An ensemble is fitted on the larger part and
   calibrated on the smaller part.
2. That ensemble is measured on the frozen test split, under every feature pattern and the default
   prior, beside the baseline. The bundle's metadata holds these figures.
3. The shipped ensemble is fitted in the same way on all rows including the test rows, and keeps the
   calibration of step 1. It has no figures of its own.

If the rows include labels from the chat (`training.chat_labels`), steps 1 and 2 are also done
without them. Calibration and test never use them, so both sets of figures are of the same songs.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from typing import Any, Final

import joblib
import numpy as np
import pandas as pd

from model.bundle import MODEL, SUBGENRES, Metadata, digest
from model.metrics import FeaturePattern, MeasuredModel, Measurement, Metrics, Slice, Split
from model.priors import CALIBRATED_PRIOR, DEFAULT_PRIOR
from model.store import BundleStore
from model.verdicts import Verdict, VerdictFigures
from training import artist_genres, priors
from training.baseline import fit_baseline
from training.calibration import Thresholds, fit_calibration, fit_thresholds, genre_shares
from training.ensemble import Ensemble
from training.ensemble_training import Plan, fit_ensemble
from training.evaluation import Codes, Predict, by_pattern, clear, codes, truth_rows, views
from training.export import subgenres_to_onnx, to_onnx
from training.features import Absence, Matrix, matrix
from training.slices import slices
from training.split import TEST_SHARE, Side, groups, share_of
from training.subgenres import SubgenreEnsemble, fit_subgenres
from training.tables import ARTIST_GENRES, FEEDBACK, TABLES
from training.targets import Labels
from training.tasks import Task

PIPELINE: Final = "pipeline.joblib"
VALIDATION_SHARE: Final = 0.12
"""Share of the training side's groups that the ensemble is calibrated on."""

LIBRARIES: Final = ("numpy", "pandas", "scikit-learn", "jax", "optax", "onnx", "onnxruntime")
DIGITS: Final = 4
SPLIT: Final = (
    f"test: all recordings of {TEST_SHARE:.0%} of the artists, chosen by a hash of the name that a "
    "credit names first; rows without an artist are split by upload or recording; at most eight "
    "songs of an artist are measured, and none whose copies have several true genres; after these "
    "figures were measured, the shipped model is fitted in the same way on all rows including the "
    "test rows; the settings were selected among about thirty by figures on this split"
)

OTHER_PRIORS: Final = {
    CALIBRATED_PRIOR: MeasuredModel.TABLES_PRIOR,
    priors.EVEN: MeasuredModel.EVEN_PRIOR,
}
"""Priors that are measured beside the default one, whose effect by genre the card shows."""

CHAT: Final = (
    FEEDBACK,
    "given for this purpose by people in the chat",
    "the chat's corrections: the genre that most people chose for a track",
)
"""Name, licence and source of the labels from the chat."""


@dataclass(frozen=True, slots=True)
class CalibratedModel:
    """An ensemble with what is fitted on held-out songs: priors and thresholds of the verdicts."""

    ensemble: Ensemble
    shares: dict[str, dict[str, float]]
    thresholds: Thresholds

    def probabilities(self, values: Matrix, prior: str = DEFAULT_PRIOR) -> Matrix:
        """Return probabilities under a prior, [rows, genres], as they are served.

        Args:
            values: [rows, inputs] in schema order, NaN for missing values.
            prior: Name of the prior.
        """
        factor = priors.factors(self.shares, prior, self.ensemble.outputs)
        return priors.with_factors(self.ensemble.probabilities(values), factor)


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted model: the content of its bundle."""

    metadata: Metadata
    files: dict[str, bytes]

    def save(self, store: BundleStore) -> Metadata:
        """Save the bundle, without promoting it; returns its completed metadata."""
        return store.save(self.metadata, self.files)


def fit(rows: pd.DataFrame, task: Task, plan: Plan, seed: int) -> Fitted:
    """Fit the model of a task.

    Args:
        rows: The dataset (see `training.dataset`).
        task: The task, narrowed to what `rows` can teach.
        plan: Hyperparameters.
        seed: Seed of all random draws.
    """
    model = fit_calibrated(rows, task, plan, seed, f"{task.name}: to be tested")
    baseline = fit_baseline(rows[rows["side"] == Side.TRAIN], task, seed)
    measurements = list(measure(model, baseline, rows, task))
    from_chat = rows["table"] == FEEDBACK
    if from_chat.any():
        measurements += _without_feedback(rows[~from_chat], task, plan, seed)
    shipped = fit_ensemble(rows, task, plan, seed, f"{task.name}: to be shipped")
    shipped = replace(shipped, calibration=model.ensemble.calibration)
    subgenres = fit_subgenres(rows, task, seed) if task.by_artist else None
    metrics = Metrics(SPLIT, measurements=tuple(measurements))
    verdicts = _verdict_figures(model, rows, task)
    return _fitted(replace(model, ensemble=shipped), subgenres, verdicts, metrics, rows, task)


def fit_calibrated(
    rows: pd.DataFrame, task: Task, plan: Plan, seed: int, title: str, labels: Labels = "noisy"
) -> CalibratedModel:
    """Fit an ensemble on the larger part of the training side and calibrate it on the smaller part.

    Rows of the test side are not used.
    """
    train = rows[rows["side"] == Side.TRAIN]
    held_out = is_calibration_row(train)
    ensemble = fit_ensemble(train[~held_out], task, plan, seed, title, labels)
    calibrating = truth_rows(train[held_out & (train["table"] != FEEDBACK)], task, Side.TRAIN)
    if task.uses_artists(train):
        calibrating = calibrating[clear(calibrating)]
    return _calibrated(ensemble, calibrating, rows, task, plan.prior_correction, seed)


def is_calibration_row(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Return for each row of the training side whether it is for calibration, not for fitting."""
    return groups(rows).map(lambda group: share_of(group, "validation")) < VALIDATION_SHARE


def _calibrated(
    ensemble: Ensemble,
    held_out: pd.DataFrame,
    rows: pd.DataFrame,
    task: Task,
    prior_correction: float,
    seed: int,
) -> CalibratedModel:
    """Calibrate on held-out rows with randomly hidden features; missing values are not filled."""
    values = matrix(held_out)
    hidden = Absence(values).hide(values, np.random.default_rng(seed))
    truth = codes(held_out, task.genres)
    calibration = fit_calibration(ensemble.raw_probabilities(hidden), truth, prior_correction)
    shares = priors.priors(rows, task, genre_shares(truth, len(task.genres)))
    model = CalibratedModel(replace(ensemble, calibration=calibration), shares, Thresholds(1, 1))
    thresholds = fit_thresholds(model.probabilities(hidden), truth)
    return replace(model, thresholds=thresholds)


def measure(
    model: CalibratedModel, baseline: Predict, rows: pd.DataFrame, task: Task
) -> Iterator[Measurement]:
    """Measure model and baseline on the slices of the test split.

    Neither may have been fitted on rows of the test side.
    """
    for slice_, tested in slices(rows, task):
        yield from _measured(model.probabilities, tested, task, slice_, MeasuredModel.OURS)
        core = _measured(baseline, tested, task, slice_, MeasuredModel.BASELINE)
        yield from (one for one in core if one.features is FeaturePattern.CORE)
        for prior, measured in OTHER_PRIORS.items():
            predict = partial(model.probabilities, prior=prior)
            other = _measured(predict, tested, task, slice_, measured)
            yield from (one for one in other if one.features is FeaturePattern.CORE)


def _without_feedback(
    rows: pd.DataFrame, task: Task, plan: Plan, seed: int
) -> Iterator[Measurement]:
    """Measure a model that was fitted without the labels from the chat."""
    model = fit_calibrated(rows, task, plan, seed, f"{task.name}: without feedback")
    test = truth_rows(rows, task)
    without = MeasuredModel.WITHOUT_FEEDBACK
    return _measured(model.probabilities, test, task, Slice.ALL, without)


def _measured(
    predict: Predict, rows: pd.DataFrame, task: Task, slice_: Slice, model: MeasuredModel
) -> Iterator[Measurement]:
    for pattern, scores in by_pattern(predict, rows, task.genres, task.features):
        yield Measurement(Split.TEST, slice_, pattern, model, scores)


def _verdict_figures(
    model: CalibratedModel, rows: pd.DataFrame, task: Task
) -> dict[str, VerdictFigures]:
    """Return coverage and accuracy of each verdict, where the true genre is clearest."""
    tested = truth_rows(rows, task)
    if task.uses_artists(rows):
        tested = tested[clear(tested)]
    truth = codes(tested, task.genres)
    seen = views(tested, task.features)
    alone = FeaturePattern.CORE
    core = verdict_rates(model.probabilities(seen[alone]), truth, model.thresholds)
    every = seen.get(FeaturePattern.ALL, seen[alone])
    full = verdict_rates(model.probabilities(every), truth, model.thresholds)
    least = {Verdict.PLAIN: model.thresholds.plain, Verdict.EITHER: model.thresholds.either}
    return {
        verdict.value: VerdictFigures(least.get(verdict, 0.0), *full[verdict], *core[verdict])
        for verdict in Verdict
    }


def verdict_rates(
    probabilities: Matrix, truth: Codes, thresholds: Thresholds
) -> dict[Verdict, tuple[float, float | None]]:
    """Return the share of songs with each verdict, and how often it is right.

    Plain is right if the first genre is, either if one of the first two, unsure if one of three.
    """
    order = np.argsort(-probabilities, axis=1, kind="stable")
    descending = np.take_along_axis(probabilities, order, axis=1)
    plain = descending[:, 0] >= thresholds.plain
    either = ~plain & (descending[:, :2].sum(axis=1) >= thresholds.either)
    hits = order == truth[:, None]
    chosen = {Verdict.PLAIN: plain, Verdict.EITHER: either, Verdict.UNSURE: ~plain & ~either}
    return {
        verdict: (
            round(float(own.mean()), DIGITS),
            round(float(hits[own, : number + 1].any(axis=1).mean()), DIGITS) if own.any() else None,
        )
        for number, (verdict, own) in enumerate(chosen.items())
    }


def _fitted(
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
        prior_temper=priors.TEMPER,
        subgenres=subgenres.columns if subgenres else (),
    )
    files = {MODEL: onnx, PIPELINE: pipeline.getvalue()} | ({SUBGENRES: second} if second else {})
    return Fitted(metadata, files)


def _medians(rows: pd.DataFrame, task: Task) -> dict[str, float]:
    known = {name: rows[name].median() for name in task.features}
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
    if task.uses_artists(rows):
        artists = rows.loc[rows["artist_genre"] != "", "artist"]
        yield {
            "name": ARTIST_GENRES,
            "rows": int(artists.nunique()),
            "licence": artist_genres.LICENCE,
            "source": artist_genres.SOURCE,
        }
