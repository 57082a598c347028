from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.tree import DecisionTreeClassifier

from model.schema import CORE, NAMES
from training.evaluation import Codes
from training.features import Matrix
from training.study.estimators import ResampledEstimator
from training.study.eval_sets import EvalSet
from training.study.model_evaluation import Fit


class RecordingClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn has no types
    """Stores the rows that it was fitted on."""

    def fit(self, X: Matrix, y: Codes) -> "RecordingClassifier":  # noqa: N803 - scikit-learn's names
        self.values_, self.truth_, self.classes_ = X, y, np.unique(y)
        return self


VALUES = np.arange(40 * len(NAMES), dtype=np.float32).reshape(40, -1)
TRUTH = np.array([0] * 30 + [1] * 8 + [2] * 2)


def fit(**options: Any) -> RecordingClassifier:
    """Return the inner classifier after a fit with these options."""
    estimator = ResampledEstimator(RecordingClassifier(), **options).fit(VALUES, TRUTH)
    fitted: RecordingClassifier = estimator.estimator_
    return fitted


def test_by_default_every_row_is_fitted_once() -> None:
    assert np.array_equal(fit().values_, VALUES)


def test_oversampling_repeats_rare_classes_and_drops_no_row() -> None:
    fitted = fit(oversample=True)
    assert np.bincount(fitted.truth_).tolist() == [30, 30, 30]
    assert set(fitted.values_[:, 0]) == set(VALUES[:, 0])
    truth = dict(zip(VALUES[:, 0], TRUTH, strict=True))
    assert [truth[value] for value in fitted.values_[:, 0]] == fitted.truth_.tolist()


def test_at_most_max_rows_are_fitted_and_none_twice() -> None:
    fitted = fit(max_rows=10)
    assert len(fitted.truth_) == len(set(fitted.values_[:, 0])) == 10


def test_random_absence_hides_values_and_only_selected_columns_are_fitted() -> None:
    assert np.isnan(fit(random_absence=True).values_).any()
    core = tuple(range(len(CORE)))
    assert np.array_equal(fit(columns=core).values_, VALUES[:, : len(CORE)])


def test_same_seed_draws_the_same_rows() -> None:
    same, repeated, other = (fit(max_rows=10, oversample=True, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(same.values_, repeated.values_)
    assert not np.array_equal(same.values_[:, 0], other.values_[:, 0])


def test_temperature_is_fitted_on_rows_with_hidden_features() -> None:
    """Confidence and accuracy are higher on complete rows than on rows with missing features."""
    has_missing: list[bool] = []

    class RecordingTree(DecisionTreeClassifier):  # type: ignore[misc] # scikit-learn ships no types
        def predict_proba(self, X: Matrix) -> Matrix:  # noqa: N803 - scikit-learn's name
            has_missing.append(bool(np.isnan(X).any()))
            probabilities: Matrix = super().predict_proba(X)
            return probabilities

    rng = np.random.default_rng(0)
    eval_set = EvalSet(rng.random((90, len(NAMES)), np.float32), rng.integers(0, 3, 90))
    halves = [(np.arange(45), np.arange(45, 90)), (np.arange(45, 90), np.arange(45))]
    fit = Fit(ResampledEstimator(RecordingTree(), random_absence=True), temperature_scaled=True)
    predict = fit.on(eval_set, ("rock", "pop", "jazz"), halves)
    assert has_missing == [True, True]
    predict(eval_set.values)
    assert has_missing[2:] == [False]
