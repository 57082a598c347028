"""What the models of the study need beyond scikit-learn: training rows made ready inside a fit.

Inside a fit means: after the folds were divided, so that no repeated or filled row of a fold's test
songs is ever learnt from.
"""

from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, MetaEstimatorMixin, clone
from sklearn.utils.metaestimators import available_if

from training.evaluation import Codes
from training.features import Absence, Matrix


class ResampledEstimator(ClassifierMixin, MetaEstimatorMixin, BaseEstimator):  # type: ignore[misc]
    # scikit-learn ships no types, hence the ignore.
    """A classifier that is fitted on some of the rows, or on more than there are.

    It is given all features in schema order and hands `columns` on (None: all). The rows are made
    ready in this order: at most `most` rows are drawn; with `oversample`, rows of rarer classes are
    repeated at random until all classes have as many; with `hide`, absence is made to tell nothing
    (see `training.features`). With `hide_asked`, features are hidden from what it is asked as well:
    so it is asked while a calibration is found.
    """

    def __init__(
        self,
        estimator: Any,
        *,
        columns: tuple[int, ...] | None = None,
        most: int | None = None,
        oversample: bool = False,
        hide: bool = False,
        hide_asked: bool = False,
        seed: int = 0,
    ) -> None:
        self.estimator = estimator
        self.columns = columns
        self.most = most
        self.oversample = oversample
        self.hide = hide
        self.hide_asked = hide_asked
        self.seed = seed

    def fit(self, X: Matrix, y: Codes) -> Self:  # noqa: N803 - scikit-learn's names
        """Fit the classifier on the prepared rows."""
        rng = np.random.default_rng(self.seed)
        chosen = np.arange(len(y))
        if self.rows_of(len(y)) < len(y):
            chosen = np.sort(rng.choice(chosen, self.rows_of(len(y)), replace=False))
        if self.oversample:
            chosen = oversampled(y, chosen, rng)
        values = Absence(X).sample(X[chosen], rng) if self.hide else X[chosen]
        self.estimator_ = clone(self.estimator).fit(self._taken(values), y[chosen])
        self.classes_ = self.estimator_.classes_
        return self

    def rows_of(self, rows: int) -> int:
        """Return how many of so many rows are learnt from."""
        return rows if self.most is None else min(rows, self.most)

    def predict(self, X: Matrix) -> Codes:  # noqa: N803
        """Return the best class of each row."""
        classes: Codes = self.estimator_.predict(self._asked(X))
        return classes

    @available_if(lambda self: hasattr(self.estimator, "predict_proba"))  # type: ignore[untyped-decorator]
    # scikit-learn ships no types.
    def predict_proba(self, X: Matrix) -> Matrix:  # noqa: N803
        """Return [rows, classes]."""
        probabilities: Matrix = self.estimator_.predict_proba(self._asked(X))
        return probabilities

    @available_if(lambda self: hasattr(self.estimator, "decision_function"))  # type: ignore[untyped-decorator]
    # scikit-learn ships no types.
    def decision_function(self, X: Matrix) -> Matrix:  # noqa: N803
        """Return [rows, classes]."""
        scores: Matrix = self.estimator_.decision_function(self._asked(X))
        return scores

    def _asked(self, values: Matrix) -> Matrix:
        if self.hide_asked:
            values = Absence(values).hide(values, np.random.default_rng(self.seed))
        return self._taken(values)

    def _taken(self, values: Matrix) -> Matrix:
        return values if self.columns is None else values[:, self.columns]


def oversampled(y: Codes, chosen: Codes, rng: np.random.Generator) -> Codes:
    """Return the indices `chosen` and, of rarer classes, random ones of them again."""
    by_class = [chosen[y[chosen] == label] for label in np.unique(y[chosen])]
    most = max(map(len, by_class))
    again = [rng.choice(own, most - len(own)) for own in by_class]
    return np.concatenate([chosen, *again])
