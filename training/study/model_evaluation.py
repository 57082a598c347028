"""Fits models and measures them on the same eval sets."""

import io
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Final

import joblib
import numpy as np
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV

from model.metrics import Figures, Slice
from training.evaluation import DIGITS, Codes, Predict, figures
from training.features import Matrix
from training.slices import Flags
from training.study.estimators import ResampledEstimator
from training.study.eval_sets import EvalSet, Samples, Splits
from training.study.metrics import Bin, Roc, confusion, reliability, roc

MAX_MISCLASSIFICATIONS: Final = 200
WARM_UP_ROWS: Final = 10
TIMED_ROWS: Final = 100


@dataclass(frozen=True, slots=True)
class EvalSets:
    """The eval sets of a task.

    Attributes:
        test: The test split.
        agreed: Test recordings that two tables label alike; None if there are too few.
        songs: Features of the example songs, [songs, features].
        more: Additional eval sets by name.
        slices: Flags of the songs of `test` that are in each slice (see `training.slices`).
    """

    test: EvalSet
    agreed: EvalSet | None
    songs: Matrix
    more: Mapping[str, EvalSet] = field(default_factory=dict)
    slices: Mapping[Slice, Flags] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Misclassification:
    """A misclassified test song; `row` is its index in the test eval set."""

    row: int
    predicted: str
    probability: float
    probability_of_truth: float


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Measurements of one model.

    `more` are the figures on the additional eval sets, `misclassifications` those with the highest
    probabilities, in falling order. For the other fields see `results.ModelReport`.
    """

    rows: int
    train: Figures
    test: Figures
    slices: Mapping[Slice, Figures]
    with_extras: Figures | None
    agreed: Figures | None
    agreed_with_extras: Figures | None
    more: Mapping[str, Figures]
    roc: Mapping[str, Roc]
    confusion: tuple[tuple[int, ...], ...]
    reliability: tuple[Bin, ...]
    misclassifications: tuple[Misclassification, ...]
    song_predictions: tuple[Mapping[str, float], ...]
    bytes: int
    fit_seconds: float
    row_ms: float


@dataclass(frozen=True, slots=True)
class Scores:
    """Figures of a model by name of the eval set, and its number of training rows."""

    rows: int
    figures: Mapping[str, Figures]


@dataclass(frozen=True, slots=True)
class FittedModel:
    """A fitted model to evaluate.

    Attributes:
        predict: Maps features [rows, features], in schema order, to probabilities [rows, genres].
        one_row: Classifies one row in the form in which the model is served.
        uses_extras: Whether it takes more than the core features.
        rows: Number of training rows.
        bytes: Size of the model.
        fit_seconds: Time of the fit.
    """

    predict: Predict
    one_row: Callable[[Matrix], object]
    uses_extras: bool
    rows: int
    bytes: int
    fit_seconds: float


@dataclass(frozen=True, slots=True)
class Predictor:
    """Predicts all genres with a scikit-learn classifier, which may know only some of them."""

    classifier: Any
    genres: int

    def __call__(self, values: Matrix) -> Matrix:
        """Return probabilities [rows, genres] for features [rows, features].

        A genre that the classifier was not trained on has probability 0.
        """
        probabilities = np.zeros((len(values), self.genres), np.float32)
        known = self.classifier.classes_
        probabilities[:, known] = self.classifier.predict_proba(values)
        return probabilities


@dataclass(frozen=True, slots=True)
class Fit:
    """An unfitted classifier, and whether its probabilities are calibrated by a temperature."""

    estimator: ResampledEstimator
    temperature_scaled: bool = False

    def on(self, train: EvalSet, genres: Sequence[str], splits: Splits = ()) -> Predictor:
        """Fit the classifier on `train`.

        The temperature is fitted on cross-validated predictions over `splits`, with features
        hidden as in training.
        """
        estimator = clone(self.estimator)
        if not self.temperature_scaled:
            return Predictor(estimator.fit(train.values, train.truth), len(genres))
        estimator.set_params(random_absence_on_predict=estimator.random_absence)
        calibrated = CalibratedClassifierCV(
            estimator, method="temperature", cv=splits, ensemble=False
        )
        calibrated.fit(train.values, train.truth)
        for one in calibrated.calibrated_classifiers_:
            one.estimator.set_params(random_absence_on_predict=False)
        return Predictor(calibrated, len(genres))


def evaluate_estimator(
    samples: Samples, fit: Fit, genres: Sequence[str], eval_sets: EvalSets
) -> Evaluated:
    """Fit a scikit-learn model on all samples and evaluate it."""
    started = time.perf_counter()
    predict = fit.on(samples.eval_set(), genres, samples.splits())
    seconds = time.perf_counter() - started
    size = io.BytesIO()
    joblib.dump(predict.classifier, size)
    model = FittedModel(
        predict=predict,
        one_row=predict,
        uses_extras=fit.estimator.random_absence,
        rows=fit.estimator.train_row_count(len(samples.truth)),
        bytes=size.tell(),
        fit_seconds=seconds,
    )
    return evaluate(model, samples.eval_set(), genres, eval_sets)


def score_estimator(
    train: EvalSet, fit: Fit, genres: Sequence[str], eval_sets: Mapping[str, EvalSet]
) -> Scores:
    """Fit a scikit-learn model and return its figures on each eval set."""
    return scores(fit.on(train, genres), len(train.truth), genres, eval_sets)


def scores(
    predict: Predict, rows: int, genres: Sequence[str], eval_sets: Mapping[str, EvalSet]
) -> Scores:
    """Return the figures of a model on each eval set; `rows` is its number of training rows."""
    return Scores(rows, {name: measure(predict, one, genres) for name, one in eval_sets.items()})


def evaluate(
    model: FittedModel, train: EvalSet, genres: Sequence[str], eval_sets: EvalSets
) -> Evaluated:
    """Evaluate a fitted model on its training songs `train` and on the eval sets."""
    predict = model.predict
    test, agreed = eval_sets.test, eval_sets.agreed
    core = test.core_only()
    probabilities = predict(core.values)
    return Evaluated(
        rows=model.rows,
        train=measure(predict, train.core_only(), genres),
        test=figures(probabilities, core.truth, genres),
        slices={
            name: figures(probabilities[flags], core.truth[flags], genres)
            for name, flags in eval_sets.slices.items()
        },
        with_extras=measure(predict, test, genres) if model.uses_extras else None,
        agreed=measure(predict, agreed.core_only(), genres) if agreed else None,
        agreed_with_extras=(
            measure(predict, agreed, genres) if agreed and model.uses_extras else None
        ),
        more={name: measure(predict, one, genres) for name, one in eval_sets.more.items()},
        roc=roc(probabilities, core.truth, genres),
        confusion=confusion(probabilities, core.truth, genres),
        reliability=reliability(probabilities, core.truth),
        misclassifications=misclassifications(predict(test.values), test.truth, genres),
        song_predictions=song_predictions(predict, eval_sets.songs, genres),
        bytes=model.bytes,
        fit_seconds=round(model.fit_seconds, 2),
        row_ms=round(row_ms(model.one_row, test.values), 4),
    )


def measure(predict: Predict, eval_set: EvalSet, genres: Sequence[str]) -> Figures:
    """Return the figures of a model on an eval set."""
    return figures(predict(eval_set.values), eval_set.truth, genres)


def misclassifications(
    probabilities: Matrix, truth: Codes, genres: Sequence[str]
) -> tuple[Misclassification, ...]:
    """Return the misclassifications with the highest probabilities, in falling order."""
    best = probabilities.argmax(axis=1)
    wrong = best != truth
    confidence = np.where(wrong, probabilities.max(axis=1), -1)
    count = min(MAX_MISCLASSIFICATIONS, int(wrong.sum()))
    rows = np.argsort(-confidence, kind="stable")[:count]
    return tuple(
        Misclassification(
            int(row),
            genres[best[row]],
            round(float(probabilities[row, best[row]]), DIGITS),
            round(float(probabilities[row, truth[row]]), DIGITS),
        )
        for row in rows
    )


def song_predictions(
    predict: Predict, songs: Matrix, genres: Sequence[str]
) -> tuple[dict[str, float], ...]:
    """Return a model's probabilities for each song, [songs, features], as a mapping by genre."""
    return tuple(song_prediction(row, genres) for row in predict(songs)) if len(songs) else ()


def song_prediction(probabilities: Matrix, genres: Sequence[str]) -> dict[str, float]:
    """Return the probabilities of one song by genre, in falling order."""
    order = np.argsort(-probabilities, kind="stable")
    return {genres[index]: round(float(probabilities[index]), DIGITS) for index in order}


def row_ms(classify: Callable[[Matrix], object], values: Matrix) -> float:
    """Return the median time to classify one row, in milliseconds."""
    rows = [values[[number % len(values)]] for number in range(WARM_UP_ROWS + TIMED_ROWS)]
    times = []
    for row in rows:
        started = time.perf_counter()
        classify(row)
        times.append(time.perf_counter() - started)
    return 1000 * median(times[WARM_UP_ROWS:])
