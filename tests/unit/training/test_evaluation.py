"""Test songs, their true genres, and figures."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from model.metrics import FeaturePattern
from model.schema import CORE, EXTRA, INPUT_NAMES, NAMES
from tests.unit.training.made_up import BY_LABEL, GENRES, TASK
from training.evaluation import (
    SONGS_PER_ARTIST,
    by_pattern,
    calibration_error,
    clear,
    codes,
    figures,
    gap_error,
    labelled_rows,
    standard_error,
    truth_rows,
    views,
)
from training.features import PATTERNS, YEAR_COLUMN, Matrix
from training.split import Side
from training.tasks import Task


def rows(*entries: tuple[str, str, str, str]) -> pd.DataFrame:
    """Return test rows of table, artist, genre and recording; the artist's genre is the genre."""
    frame = pd.DataFrame(entries, columns=["table", "artist", "genre", "recording"])
    return frame.assign(artist_genre=frame["genre"], side=Side.TEST)


@pytest.mark.parametrize("task", [TASK, BY_LABEL], ids=["by artist", "by label"])
def test_one_row_of_each_recording_whose_copies_have_one_true_genre(task: Task) -> None:
    given = rows(
        ("fma", "A", "rock", "1"),
        ("fma", "A", "rock", "1"),
        ("fma", "B", "rock", "2"),
        ("billboard", "C", "hip-hop", "2"),
        ("fma", "", "rock", "3"),
        ("fma", "D", "", "4"),
        ("fma", "D", "jazz", "5"),
    )
    found = truth_rows(given, task)
    assert found.index.tolist() == [0, 4]
    assert found["truth"].tolist() == ["rock", "rock"]


def test_rows_of_the_other_side_are_left_out() -> None:
    given = rows(("fma", "A", "rock", "1"), ("fma", "A", "rock", "2"))
    given.loc[0, "side"] = Side.TRAIN
    assert truth_rows(given, TASK).index.tolist() == [1]
    assert truth_rows(given, TASK, Side.TRAIN).index.tolist() == [0]


def test_at_most_eight_songs_of_an_artist_are_measured() -> None:
    names = ["Abba", "The Abba & Cher", ""]
    given = rows(*((("fma", names[n % 3], "rock", f"r{n}")) for n in range(60)))
    counts = truth_rows(given, TASK)["artist"].value_counts()
    assert counts["Abba"] + counts["The Abba & Cher"] == SONGS_PER_ARTIST == 8
    assert counts[""] == 20


def test_all_songs_of_an_artist_are_measured_where_labels_are_the_truth() -> None:
    given = rows(*((("fma", "Abba", "rock", f"r{n}")) for n in range(60)))
    assert len(truth_rows(given, BY_LABEL)) == 60


def test_songs_that_are_measured_do_not_depend_on_the_order() -> None:
    given = rows(*((("fma", "Abba", "rock", f"r{n}")) for n in range(30)))
    turned = given.iloc[::-1]
    assert set(truth_rows(given, TASK)["recording"]) == set(truth_rows(turned, TASK)["recording"])


def test_labelled_rows_have_the_label_as_truth() -> None:
    given = rows(
        *((("fma", "Abba", "rock", f"r{n}")) for n in range(30)),
        ("playlists", "Abba", "rock", "1"),
        ("fma", "Abba", "rock", "2"),
        ("fma", "Abba", "hip-hop", "2"),
    ).assign(artist_genre="")
    found = labelled_rows(given, TASK)
    assert found.index.tolist() == list(range(30))
    assert set(found["truth"]) == {"rock"}


def test_clear_is_an_artist_on_whom_three_of_four_sources_agree() -> None:
    shares = [{"rock": 0.75, "pop": 0.25}, {"rock": 0.7, "pop": 0.3}, None]
    assert clear(pd.DataFrame({"artist_shares": shares})).tolist() == [True, False, False]


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
    assert measured.genre_f1 == {"rock": 0.5, "hip-hop": 0.6667, "electronic": 0.0}


def test_genre_that_no_song_has_counts_in_no_mean() -> None:
    probabilities = np.array([[0.6, 0.3, 0.1], [0.3, 0.6, 0.1]], np.float32)
    measured = figures(probabilities, np.array([0, 1]), GENRES)
    assert measured.macro_f1 == 1.0
    assert set(measured.genre_f1) == set(measured.auc) == {"rock", "hip-hop"}


def test_calibration_error_weights_bins_by_their_rows() -> None:
    sure = np.array([[0.9, 0.1]] * 10 + [[0.6, 0.4]] * 30, np.float32)
    truth = np.array([0] * 10 + [0] * 15 + [1] * 15)
    assert calibration_error(sure, truth) == pytest.approx(0.25 * 0.1 + 0.75 * 0.1, abs=1e-6)


def predictions(songs: int) -> tuple[np.ndarray, np.ndarray]:
    """Return predicted and true genres, of which two of three agree."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, songs)
    return np.where(rng.random(songs) < 0.66, truth, rng.integers(0, 3, songs)), truth


def test_standard_error_is_smaller_with_more_artists() -> None:
    best, truth = predictions(600)
    errors = [
        standard_error(best, truth, [f"artist {song % artists}" for song in range(600)])
        for artists in (600, 60, 6)
    ]
    few = standard_error(best[:60], truth[:60], [f"artist {song}" for song in range(60)])
    assert few > 2 * errors[0] > 0
    # songs of one artist that are right or wrong together are worth one
    best, truth = np.repeat(predictions(60), 10, axis=1)
    together = standard_error(best, truth, [f"artist {song // 10}" for song in range(600)])
    assert together > 2 * standard_error(best, truth, [f"artist {song}" for song in range(600)])


def test_error_of_a_difference_is_paired() -> None:
    rng = np.random.default_rng(0)
    truth, wrong = rng.integers(0, 3, 600), rng.random(600) < 0.4
    best = np.where(wrong, (truth + 1) % 3, truth)
    near = np.where(np.arange(600) < 30, truth, best)
    artists = [f"artist {song // 3}" for song in range(600)]
    assert gap_error(best, best, truth, artists) == 0
    assert 0 < gap_error(near, best, truth, artists) < standard_error(best, truth, artists) / 2


def test_standard_error_is_that_of_a_bootstrap_of_songs() -> None:
    best, truth = predictions(400)
    rng = np.random.default_rng(1)
    draws = [rng.integers(0, 400, 400) for _ in range(300)]
    scores = [f1_score(truth[one], best[one], average="weighted") for one in draws]
    error = standard_error(best, truth, [str(song) for song in range(400)])
    assert error == pytest.approx(np.std(scores), rel=0.2)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 4)), min_size=1))
def test_standard_error_is_in_range_and_repeatable(songs: list[tuple[int, int, int]]) -> None:
    best, truth, artists = map(np.array, zip(*songs, strict=True))
    error = standard_error(best, truth, list(map(str, artists)))
    assert 0 <= error <= 0.5
    assert error == standard_error(best, truth, list(map(str, artists)))


def test_views_hide_what_their_pattern_lacks(made_up: pd.DataFrame) -> None:
    seen = views(made_up, INPUT_NAMES)
    assert set(seen) == set(PATTERNS)
    for name, hidden in PATTERNS.items():
        missing = np.isnan(seen[name])
        assert {INPUT_NAMES[one] for one in np.flatnonzero(missing.all(axis=0))} == set(hidden)


def test_late_years_are_of_a_third_of_the_songs(made_up: pd.DataFrame) -> None:
    seen = views(made_up, INPUT_NAMES)
    right, late = (
        seen[name][:, YEAR_COLUMN] for name in (FeaturePattern.WITH_YEAR, FeaturePattern.LATE_YEAR)
    )
    known = ~np.isnan(right)
    assert (late[known] >= right[known]).all()
    assert (late[known] > right[known]).mean() == pytest.approx(1 / 3, abs=0.06)


@pytest.mark.parametrize(
    ("features", "lacking"),
    [
        (CORE, set(FeaturePattern) - {FeaturePattern.CORE}),
        (NAMES, {FeaturePattern.WITH_YEAR, FeaturePattern.LATE_YEAR}),
        (INPUT_NAMES, set()),
    ],
)
def test_equivalent_patterns_are_measured_once(
    made_up: pd.DataFrame, features: tuple[str, ...], lacking: set[FeaturePattern]
) -> None:
    assert set(views(made_up, features)) == set(FeaturePattern) - lacking


def constant(values: Matrix) -> Matrix:
    return np.tile(np.array([[0.5, 0.3, 0.2]], np.float32), (len(values), 1))


def test_chosen_patterns_are_measured_with_a_standard_error(made_up: pd.DataFrame) -> None:
    tested = truth_rows(made_up, TASK)
    found = dict(by_pattern(constant, tested, GENRES, INPUT_NAMES, patterns=[FeaturePattern.CORE]))
    (measured,) = found.values()
    assert list(found) == [FeaturePattern.CORE]
    assert measured.weighted_f1_error
    values = np.empty((len(tested), 0), np.float32)
    rest = figures(constant(values), codes(tested["truth"], GENRES), GENRES)
    assert replace(measured, weighted_f1_error=None) == rest


def test_model_sees_the_features_of_its_pattern(made_up: pd.DataFrame) -> None:
    seen: list[Matrix] = []

    def record(values: Matrix) -> Matrix:
        seen.append(values)
        return constant(values)

    tested = truth_rows(made_up, TASK)
    dict(by_pattern(record, tested, GENRES, INPUT_NAMES, patterns=[FeaturePattern.CORE]))
    (values,) = seen
    assert np.isnan(values[:, [INPUT_NAMES.index(name) for name in (*EXTRA, "year")]]).all()
    assert not np.isnan(values[:, : len(CORE)]).any()
