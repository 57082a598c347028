import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from training.evaluation import calibration_error
from training.features import Matrix
from training.study import metrics, model_evaluation
from training.study.metrics import ROC_POINTS

GENRES = ("rock", "hip-hop", "electronic")
RNG = np.random.default_rng(5)
TRUTH = RNG.integers(0, 3, 4000)
LOGITS = RNG.normal(size=(4000, 3)) + 1.2 * np.eye(3)[TRUTH]
PROBABILITIES = (np.exp(LOGITS) / np.exp(LOGITS).sum(axis=1, keepdims=True)).astype(np.float32)


def test_thinned_roc_curve_keeps_its_ends_and_its_area() -> None:
    for index, genre in enumerate(GENRES):
        curve = metrics.roc(PROBABILITIES, TRUTH, GENRES)[genre]
        assert len(curve.false_positive) == len(curve.true_positive) <= ROC_POINTS
        assert curve.false_positive[0] == curve.true_positive[0] == 0
        assert curve.false_positive[-1] == curve.true_positive[-1] == 1
        area = np.trapezoid(curve.true_positive, curve.false_positive)
        assert area == pytest.approx(
            roc_auc_score(index == TRUTH, PROBABILITIES[:, index]), abs=0.01
        )


def test_genre_without_songs_has_no_roc_curve() -> None:
    chosen = TRUTH != 2
    assert set(metrics.roc(PROBABILITIES[chosen], TRUTH[chosen], GENRES)) == {
        "rock",
        "hip-hop",
    }


def test_reliability_bins_contain_every_song_and_sum_to_the_calibration_error() -> None:
    bins = metrics.reliability(PROBABILITIES, TRUTH)
    assert sum(one.rows for one in bins) == len(TRUTH)
    assert all(one.low <= one.probability <= one.high for one in bins)
    error = sum(one.rows * abs(one.probability - one.accuracy) for one in bins) / len(TRUTH)
    assert error == pytest.approx(calibration_error(PROBABILITIES, TRUTH), abs=1e-3)


def test_confusion_counts_true_genres_by_row() -> None:
    counts = np.array(metrics.confusion(PROBABILITIES, TRUTH, GENRES))
    assert counts.sum(axis=1).tolist() == np.bincount(TRUTH).tolist()
    assert np.trace(counts) == (PROBABILITIES.argmax(axis=1) == TRUTH).sum()


def test_misclassifications_are_in_falling_order_of_probability() -> None:
    found = model_evaluation.misclassifications(PROBABILITIES, TRUTH, GENRES)
    assert all(one.predicted != GENRES[TRUTH[one.row]] for one in found)
    sure = [one.probability for one in found]
    assert sure == sorted(sure, reverse=True)
    wrong = PROBABILITIES.argmax(axis=1) != TRUTH
    assert sure[0] == pytest.approx(PROBABILITIES[wrong].max(), abs=1e-3)


def test_perfect_model_has_no_misclassifications() -> None:
    assert (
        model_evaluation.misclassifications(np.eye(3, dtype=np.float32)[TRUTH], TRUTH, GENRES) == ()
    )


def test_genre_not_in_training_has_probability_zero() -> None:
    class TwoGenres:
        classes_ = np.array([0, 2])

        def predict_proba(self, values: Matrix) -> Matrix:
            return np.full((len(values), 2), [0.25, 0.75], np.float32)

    predict = model_evaluation.Predictor(TwoGenres(), genres=3)
    assert predict(np.zeros((1, 12), np.float32)).tolist() == [[0.25, 0.0, 0.75]]


def test_song_prediction_starts_with_the_most_probable_genre() -> None:
    row = np.array([0.2, 0.5, 0.3], np.float32)
    assert list(model_evaluation.song_prediction(row, GENRES)) == ["hip-hop", "electronic", "rock"]
