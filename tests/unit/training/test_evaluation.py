import numpy as np
import pandas as pd
import pytest

from model.metrics import FeaturePattern
from model.schema import CORE, NAMES
from training.evaluation import agreed, by_pattern, calibration_error, figures, one_per_recording
from training.features import PATTERNS, Matrix

GENRES = ("rock", "hip-hop", "electronic")


def rows(*entries: tuple[str, str, str, str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(entries, columns=["table", "artist", "title", "genre", "recording"])
    return frame.astype({"recording": str})


def test_one_row_per_recording_with_one_genre() -> None:
    given = rows(
        ("playlists", "A", "1", "rock", 0.1),
        ("playlists", "A", "1", "rock", 0.1),
        ("playlists", "B", "2", "rock", 0.2),
        ("billboard", "B", "2", "hip-hop", 0.2),
        ("fma", "", "", "rock", 0.3),
    )
    assert one_per_recording(given).index.tolist() == [0, 4]


def test_agreement_needs_two_tables_and_one_genre() -> None:
    given = rows(
        ("playlists", "A", "1 - Live", "rock", 0.1),
        ("billboard", "The A", "1", "rock", 0.2),
        ("playlists", "B", "2", "rock", 0.3),
        ("playlists", "B", "2", "rock", 0.4),
        ("playlists", "C", "3", "rock", 0.5),
        ("billboard", "C", "3", "hip-hop", 0.6),
    )
    assert agreed(given).index.tolist() == [0]


def test_figures_of_a_known_case() -> None:
    probabilities = np.array(
        [[0.6, 0.3, 0.1], [0.5, 0.4, 0.1], [0.2, 0.7, 0.1], [0.4, 0.35, 0.25]], np.float32
    )
    measured = figures(probabilities, np.array([0, 1, 1, 2]), GENRES)
    assert measured.accuracy == 0.5
    assert measured.top_2 == 0.75
    assert measured.top_3 == 1.0
    assert measured.macro_f1 == pytest.approx((0.5 + 2 / 3 + 0) / 3, abs=1e-3)
    assert measured.weighted_f1 == pytest.approx((0.5 + 2 * 2 / 3 + 0) / 4, abs=1e-3)
    assert measured.auc["electronic"] == 1.0


def test_calibration_error_weights_bins_by_their_rows() -> None:
    sure = np.array([[0.9, 0.1]] * 10 + [[0.6, 0.4]] * 30, np.float32)
    truth = np.array([0] * 10 + [0] * 15 + [1] * 15)
    assert calibration_error(sure, truth) == pytest.approx(0.25 * 0.1 + 0.75 * 0.1, abs=1e-6)


def test_equivalent_patterns_are_measured_once(
    made_up_rows: pd.DataFrame,
) -> None:
    def predict(values: Matrix) -> Matrix:
        return np.tile(np.array([[0.5, 0.3, 0.2]], np.float32), (len(values), 1))

    assert [name for name, _ in by_pattern(predict, made_up_rows, GENRES, CORE)] == [
        FeaturePattern.CORE
    ]
    assert [name for name, _ in by_pattern(predict, made_up_rows, GENRES, NAMES)] == list(PATTERNS)
