"""All figures of one fitted model, on the same songs for every model."""

import io
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Final

import joblib
import numpy as np
import numpy.typing as npt
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.metrics import confusion_matrix, roc_curve

from model.metrics import Figures, Slice
from training.evaluation import BINS, DIGITS, Codes, Predict, bins, figures
from training.features import Matrix
from training.slices import Flags
from training.study.estimators import ResampledEstimator
from training.study.eval_sets import EvalSet, Samples, Splits
from training.study.metrics import Bin, Roc

ROC_POINTS: Final = 60
SLIPS: Final = 200
WARM_UP: Final = 10
TIMED: Final = 100


@dataclass(frozen=True, slots=True)
class EvalSets:
    """What every model is asked: `songs` are [songs, features], `more` further exams by name.

    `parts` mark songs of the test exam (see `training.slices`).
    """

    test: EvalSet
    agreed: EvalSet | None
    songs: Matrix
    more: Mapping[str, EvalSet] = field(default_factory=dict)
    parts: Mapping[Slice, Flags] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Misclassification:
    """A test song taken for another genre; `row` is its place in the test exam."""

    row: int
    predicted: str
    probability: float
    probability_of_truth: float


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The figures of one model; see `shape.Model`. `misclassifications` are the surest, surest first."""

    rows: int
    train: Figures
    test: Figures
    parts: Mapping[Slice, Figures]
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
    """Figures by the name of the exam; `rows` were learnt from."""

    rows: int
    figures: Mapping[str, Figures]


@dataclass(frozen=True, slots=True)
class Contender:
    """A fitted model: `predict` maps [rows, features] in schema order to [rows, genres].

    `one_row` classifies one song as it is served; `rows` were learnt from.
    """

    predict: Predict
    one_row: Callable[[Matrix], object]
    extras: bool
    rows: int
    bytes: int
    fit_seconds: float


@dataclass(frozen=True, slots=True)
class Predictor:
    """A fitted scikit-learn classifier of genres' indices, asked for all genres."""

    classifier: Any
    genres: int

    def __call__(self, values: Matrix) -> Matrix:
        """Return [rows, genres] for [rows, features]; a genre never learnt gets 0."""
        probabilities = np.zeros((len(values), self.genres), np.float32)
        known = self.classifier.classes_
        probabilities[:, known] = self.classifier.predict_proba(values)
        return probabilities


@dataclass(frozen=True, slots=True)
class Fit:
    """An unfitted classifier, and whether a temperature is to be found for it."""

    estimator: ResampledEstimator
    tempered: bool = False

    def on(self, learnt: EvalSet, genres: Sequence[str], splits: Splits = ()) -> Predictor:
        """Fit it; the temperature is found on `splits`, features hidden as they are in training."""
        if not self.tempered:
            fitted = clone(self.estimator).fit(learnt.values, learnt.truth)
            return Predictor(fitted, len(genres))
        asked = clone(self.estimator).set_params(hide_asked=self.estimator.hide)
        tempered = CalibratedClassifierCV(asked, method="temperature", cv=splits, ensemble=False)
        tempered.fit(learnt.values, learnt.truth)
        for one in tempered.calibrated_classifiers_:
            one.estimator.set_params(hide_asked=False)
        return Predictor(tempered, len(genres))


def evaluate_estimator(
    samples: Samples, fit: Fit, genres: Sequence[str], exams: EvalSets
) -> Evaluated:
    """Fit a scikit-learn model on all samples and measure it."""
    started = time.perf_counter()
    predict = fit.on(samples.eval_set(), genres, samples.splits())
    seconds = time.perf_counter() - started
    size = io.BytesIO()
    joblib.dump(predict.classifier, size)
    contender = Contender(
        predict=predict,
        one_row=predict,
        extras=fit.estimator.hide,
        rows=fit.estimator.rows_of(len(samples.truth)),
        bytes=size.tell(),
        fit_seconds=seconds,
    )
    return evaluate(contender, samples.eval_set(), genres, exams)


def score_estimator(
    learnt: EvalSet, fit: "Fit", genres: Sequence[str], exams: Mapping[str, EvalSet]
) -> Scores:
    """Fit a scikit-learn model and measure nothing but its figures."""
    return scores(fit.on(learnt, genres), len(learnt.truth), genres, exams)


def scores(
    predict: Predict, rows: int, genres: Sequence[str], exams: Mapping[str, EvalSet]
) -> Scores:
    """Measure a model on each of the exams."""
    return Scores(rows, {name: measure(predict, one, genres) for name, one in exams.items()})


def evaluate(
    contender: Contender, train: EvalSet, genres: Sequence[str], exams: EvalSets
) -> Evaluated:
    """Measure a fitted model: `train` holds songs it learnt from."""
    predict = contender.predict
    core = exams.test.core_only()
    probabilities = predict(core.values)
    sure = exams.agreed
    return Evaluated(
        rows=contender.rows,
        train=measure(predict, train.core_only(), genres),
        test=figures(probabilities, core.truth, genres),
        parts={
            name: figures(probabilities[part], core.truth[part], genres)
            for name, part in exams.parts.items()
        },
        with_extras=measure(predict, exams.test, genres) if contender.extras else None,
        agreed=measure(predict, sure.core_only(), genres) if sure else None,
        agreed_with_extras=measure(predict, sure, genres) if sure and contender.extras else None,
        more={name: measure(predict, exam, genres) for name, exam in exams.more.items()},
        roc=roc(probabilities, core.truth, genres),
        confusion=confusion(probabilities, core.truth, genres),
        reliability=reliability(probabilities, core.truth),
        misclassifications=misclassifications(predict(exams.test.values), exams.test.truth, genres),
        song_predictions=song_predictions(predict, exams.songs, genres),
        bytes=contender.bytes,
        fit_seconds=round(contender.fit_seconds, 2),
        row_ms=round(row_ms(contender.one_row, exams.test.values), 4),
    )


def measure(predict: Predict, exam: EvalSet, genres: Sequence[str]) -> Figures:
    """Return the figures of a model on an exam."""
    return figures(predict(exam.values), exam.truth, genres)


def roc(probabilities: Matrix, truth: Codes, genres: Sequence[str]) -> dict[str, Roc]:
    """Return each genre's curve against the rest, of at most ROC_POINTS points.

    The points kept lie evenly along the curve, the ends included.
    """
    curves = {}
    for index, genre in enumerate(genres):
        own = truth == index
        if not 0 < own.sum() < len(own):
            continue
        false, true, _ = roc_curve(own, probabilities[:, index])
        along = np.concatenate([[0.0], np.cumsum(np.diff(false) + np.diff(true))])
        wanted = np.linspace(0, along[-1], ROC_POINTS)
        kept = np.unique(np.searchsorted(along, wanted).clip(max=len(along) - 1))
        curves[genre] = Roc(_listed(false[kept]), _listed(true[kept]))
    return curves


def confusion(
    probabilities: Matrix, truth: Codes, genres: Sequence[str]
) -> tuple[tuple[int, ...], ...]:
    """Count test songs, [true genre][predicted genre]."""
    counts = confusion_matrix(truth, probabilities.argmax(axis=1), labels=range(len(genres)))
    return tuple(tuple(int(count) for count in row) for row in counts)


def reliability(probabilities: Matrix, truth: Codes) -> tuple[Bin, ...]:
    """Return how often the best genre is right by its probability, in 15 equal bins."""
    sure = probabilities.max(axis=1).astype(np.float64)
    hit = probabilities.argmax(axis=1) == truth
    place = bins(sure)
    return tuple(
        Bin(
            round(number / BINS, DIGITS),
            round((number + 1) / BINS, DIGITS),
            int((place == number).sum()),
            round(float(sure[place == number].mean()), DIGITS),
            round(float(hit[place == number].mean()), DIGITS),
        )
        for number in np.unique(place)
    )


def misclassifications(
    probabilities: Matrix, truth: Codes, genres: Sequence[str]
) -> tuple[Misclassification, ...]:
    """Return the surest mistakes, surest first."""
    best = probabilities.argmax(axis=1)
    sure = np.where(best == truth, -1, probabilities.max(axis=1))
    rows = np.argsort(-sure, kind="stable")[: min(SLIPS, int((best != truth).sum()))]
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
    """Return what a model makes of each song; of no songs it is not asked."""
    return tuple(song_prediction(row, genres) for row in predict(songs)) if len(songs) else ()


def song_prediction(probabilities: Matrix, genres: Sequence[str]) -> dict[str, float]:
    """Return the genres of one song in falling order of probability."""
    order = np.argsort(-probabilities, kind="stable")
    return {genres[index]: round(float(probabilities[index]), DIGITS) for index in order}


def row_ms(classify: Callable[[Matrix], object], values: Matrix) -> float:
    """Return the median time to classify one row, in milliseconds."""
    rows = [values[[number % len(values)]] for number in range(WARM_UP + TIMED)]
    times = []
    for row in rows:
        started = time.perf_counter()
        classify(row)
        times.append(time.perf_counter() - started)
    return 1000 * median(times[WARM_UP:])


def _listed(values: npt.NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(round(float(value), DIGITS) for value in values)
