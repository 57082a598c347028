import numpy as np
import pandas as pd
import pytest

from training.study import measure

GENRES = ("rock", "pop", "jazz")


def test_songs_of_unknown_truth_do_not_count() -> None:
    truth = np.array([0, 1, -1, -1])
    assert measure.weighted_f1(truth, np.array([0, 1, 2, 2])) == 1
    assert measure.weighted_f1(truth, np.array([1, 0, 0, 1])) == 0


def test_roc_runs_from_corner_to_corner_in_few_points() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 1000)
    curves = measure.roc(rng.random((1000, 3), dtype=np.float32), truth, GENRES)
    assert set(curves) == {"rock", "pop"}  # no song is jazz
    for curve in curves.values():
        points = np.array(curve)
        assert points[[0, -1]].tolist() == [[0, 0], [1, 1]]
        assert len(points) <= measure.ROC_POINTS
        assert (np.diff(points, axis=0) >= 0).all()


def test_reliability_leaves_out_bins_with_few_songs() -> None:
    sure = np.repeat([0.9, 0.5], [20, 2]).astype(np.float32)
    probabilities = np.stack([sure, 1 - sure, np.zeros_like(sure)], axis=1)
    truth = np.repeat([0, 1, 0], [15, 5, 2])
    ((songs, given, right),) = measure.reliability(probabilities, truth)
    assert (songs, round(given, 3), right) == (20, 0.9, 0.75)


def test_surest_mistakes_come_first_with_one_for_each_artist() -> None:
    songs = pd.DataFrame(
        {
            "artist": ["A", "A", "B", "", "C"],
            "title": ["one", "two", "three", "four", "five"],
            "truth": ["rock", "rock", "pop", "rock", "rock"],
        }
    )
    probabilities = np.array(
        [[0.2, 0.8, 0], [0.05, 0.9, 0.05], [0.95, 0.05, 0], [0, 1, 0], [1, 0, 0]], np.float32
    )
    found = measure.mistakes(probabilities, np.array([0, 0, 1, 0, 0]), songs, GENRES)
    assert [(one.artist, one.title, one.predicted) for one in found] == [
        ("B", "three", "rock"),
        ("A", "two", "pop"),
    ]
    assert found[1].probability == pytest.approx(0.9, abs=1e-4)
    assert found[1].probability_of_truth == pytest.approx(0.05, abs=1e-4)
