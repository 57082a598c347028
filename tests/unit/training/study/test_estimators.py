import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.tree import DecisionTreeClassifier

from model.schema import CORE, NAMES
from training.evaluation import Codes
from training.features import Matrix
from training.study.estimators import ResampledEstimator
from training.study.eval_sets import EvalSet
from training.study.model_evaluation import Fit


class Remembers(ClassifierMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn has no types
    """Keeps what it was fitted on."""

    def fit(self, X: Matrix, y: Codes) -> "Remembers":  # noqa: N803 - scikit-learn's names
        self.values_, self.truth_, self.classes_ = X, y, np.unique(y)
        return self


VALUES = np.arange(40 * len(NAMES), dtype=np.float32).reshape(40, -1)
TRUTH = np.array([0] * 30 + [1] * 8 + [2] * 2)


def learnt(**how: object) -> Remembers:
    remembers: Remembers = ResampledEstimator(Remembers(), **how).fit(VALUES, TRUTH).estimator_  # type: ignore[arg-type]
    return remembers


def test_as_it_is_it_learns_every_row_once() -> None:
    assert np.array_equal(learnt().values_, VALUES)


def test_oversampling_repeats_rare_classes_and_loses_no_row() -> None:
    fitted = learnt(oversample=True)
    assert np.bincount(fitted.truth_).tolist() == [30, 30, 30]
    assert set(fitted.values_[:, 0]) == set(VALUES[:, 0])
    truth = dict(zip(VALUES[:, 0], TRUTH, strict=True))
    assert [truth[value] for value in fitted.values_[:, 0]] == fitted.truth_.tolist()


def test_at_most_so_many_rows_are_learnt_and_none_twice() -> None:
    fitted = learnt(most=10)
    assert len(fitted.truth_) == len(set(fitted.values_[:, 0])) == 10


def test_hiding_hides_and_only_the_columns_asked_for_are_handed_on() -> None:
    assert np.isnan(learnt(hide=True).values_).any()
    core = tuple(range(len(CORE)))
    assert np.array_equal(learnt(columns=core).values_, VALUES[:, : len(CORE)])


def test_the_same_seed_draws_the_same_rows() -> None:
    same, again, other = (learnt(most=10, oversample=True, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(same.values_, again.values_)
    assert not np.array_equal(same.values_[:, 0], other.values_[:, 0])


def test_a_temperature_is_found_on_songs_of_which_features_are_hidden() -> None:
    """On whole rows a model is surer and righter than on rows of which something is missing."""
    asked: list[bool] = []

    class Watched(DecisionTreeClassifier):  # type: ignore[misc] # scikit-learn ships no types
        def predict_proba(self, X: Matrix) -> Matrix:  # noqa: N803 - scikit-learn's name
            asked.append(bool(np.isnan(X).any()))
            probabilities: Matrix = super().predict_proba(X)
            return probabilities

    rng = np.random.default_rng(0)
    exam = EvalSet(rng.random((90, len(NAMES)), np.float32), rng.integers(0, 3, 90))
    halves = [(np.arange(45), np.arange(45, 90)), (np.arange(45, 90), np.arange(45))]
    fit = Fit(ResampledEstimator(Watched(), hide=True), tempered=True)
    predict = fit.on(exam, ("rock", "pop", "jazz"), halves)
    assert asked == [True, True]
    predict(exam.values)
    assert asked[2:] == [False]
