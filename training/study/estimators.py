"""A scikit-learn meta-estimator that samples, oversamples and masks its training rows.

It does so inside `fit`, which is after the division into folds, so that rows of a test fold are
neither repeated nor used as a source of values.
"""

from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, MetaEstimatorMixin, clone
from sklearn.utils.metaestimators import available_if

from training.evaluation import Codes
from training.features import Absence, Matrix


class ResampledEstimator(ClassifierMixin, MetaEstimatorMixin, BaseEstimator):  # type: ignore[misc]
    # scikit-learn ships no types, hence the ignore.
    """A classifier that is fitted on resampled training rows.

    The steps are applied in the order of the parameters `max_rows`, `oversample`,
    `random_absence`.

    Args:
        estimator: The classifier to fit.
        columns: Features to fit on and predict from, by index in the schema; None for all.
        max_rows: Maximum number of rows, drawn at random without replacement; None for all.
        oversample: Whether to repeat random rows of rarer classes until all classes have the same
            number of rows.
        random_absence: Whether to fill and hide features at random (see `training.features`).
        random_absence_on_predict: Whether to hide features of the rows to predict as well; set
            while a calibration is fitted.
        seed: Seed of all random draws.
    """

    def __init__(
        self,
        estimator: Any,
        *,
        columns: tuple[int, ...] | None = None,
        max_rows: int | None = None,
        oversample: bool = False,
        random_absence: bool = False,
        random_absence_on_predict: bool = False,
        seed: int = 0,
    ) -> None:
        self.estimator = estimator
        self.columns = columns
        self.max_rows = max_rows
        self.oversample = oversample
        self.random_absence = random_absence
        self.random_absence_on_predict = random_absence_on_predict
        self.seed = seed

    def fit(self, X: Matrix, y: Codes) -> Self:  # noqa: N803 - scikit-learn's names
        """Fit the classifier on X [rows, features], features in schema order, and y [rows]."""
        rng = np.random.default_rng(self.seed)
        chosen = np.arange(len(y))
        if self.train_row_count(len(y)) < len(y):
            chosen = np.sort(rng.choice(chosen, self.train_row_count(len(y)), replace=False))
        if self.oversample:
            chosen = oversampled(y, chosen, rng)
        values = Absence(X).sample(X[chosen], rng) if self.random_absence else X[chosen]
        self.estimator_ = clone(self.estimator).fit(self._select_columns(values), y[chosen])
        self.classes_ = self.estimator_.classes_
        return self

    def train_row_count(self, rows: int) -> int:
        """Return the number of rows that the classifier is fitted on, before oversampling."""
        return rows if self.max_rows is None else min(rows, self.max_rows)

    def predict(self, X: Matrix) -> Codes:  # noqa: N803
        """Return the most probable class of each row."""
        classes: Codes = self.estimator_.predict(self._prepare(X))
        return classes

    @available_if(lambda self: hasattr(self.estimator, "predict_proba"))  # type: ignore[untyped-decorator]
    # scikit-learn ships no types.
    def predict_proba(self, X: Matrix) -> Matrix:  # noqa: N803
        """Return the probabilities, [rows, classes]."""
        probabilities: Matrix = self.estimator_.predict_proba(self._prepare(X))
        return probabilities

    @available_if(lambda self: hasattr(self.estimator, "decision_function"))  # type: ignore[untyped-decorator]
    # scikit-learn ships no types.
    def decision_function(self, X: Matrix) -> Matrix:  # noqa: N803
        """Return the decision scores, [rows, classes]."""
        scores: Matrix = self.estimator_.decision_function(self._prepare(X))
        return scores

    def _prepare(self, values: Matrix) -> Matrix:
        if self.random_absence_on_predict:
            values = Absence(values).hide(values, np.random.default_rng(self.seed))
        return self._select_columns(values)

    def _select_columns(self, values: Matrix) -> Matrix:
        return values if self.columns is None else values[:, self.columns]


def oversampled(y: Codes, chosen: Codes, rng: np.random.Generator) -> Codes:
    """Return `chosen` with random indices of rarer classes repeated.

    Args:
        y: Class of each row.
        chosen: Indices of the rows to resample.
        rng: Source of the random draws.

    Returns:
        Indices in which all classes have the same number of rows.
    """
    by_class = [chosen[y[chosen] == label] for label in np.unique(y[chosen])]
    target = max(map(len, by_class))
    repeated = [rng.choice(own, target - len(own)) for own in by_class]
    return np.concatenate([chosen, *repeated])
