"""Checks on frozen songs, and of costs and what was learned, at their limits."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from tests.support.contenders import GOOD, contender, world
from training.evaluation import calibration_error, figures
from training.gate.bootstrap import Paired
from training.gate.comparison import Compared, compare
from training.gate.contender import Contender
from training.gate.costs import fast_enough, small_enough
from training.gate.learned import better_on_corrections, changed
from training.gate.quality import calibrated, genre_changes, no_genre_lost, not_worse

LESS = {**GOOD, ("danceability", "hip-hop"): 5.5}


def compared(before: Contender, after: Contender, songs: int = 600) -> Compared:
    found = compare(before, after, world(songs))
    assert found
    return found


def test_a_difference_within_noise_is_not_worse() -> None:
    own = compared(contender(), contender(LESS))
    check = not_worse(own, Paired(own), "f1")
    assert check.passed
    assert "difference +0.002, 95 % interval -0.013 to +0.017" in check.sentence


def test_on_many_songs_a_loss_of_two_points_is_worse_even_within_noise() -> None:
    """Songs of few artists: the interval is wide."""
    lost = compared(contender(), contender({**GOOD, ("danceability", "hip-hop"): 4.5}), 2000)
    lost = replace(lost, artists=tuple(str(index % 3) for index in range(2000)))
    noise = Paired(lost)
    noise.weighted_f1_gap = lambda: (-0.1, 0.1)  # type: ignore[method-assign]
    assert not not_worse(lost, noise, "f1").passed


def test_genres_are_measured_as_elsewhere() -> None:
    own = compared(contender(LESS), contender())
    before = figures(own.before, own.truth, own.genres)
    changes = {change.genre: change for change in genre_changes(own)}
    assert {name: one.f1_before for name, one in changes.items()} == before.genre_f1
    assert sum(one.songs * one.right_before for one in changes.values()) / 600 == pytest.approx(
        before.accuracy, abs=1e-3
    )


def test_genres_with_few_songs_are_not_checked_alone() -> None:
    destroyed = contender({**GOOD, ("instrumentalness", "electronic"): 0})
    few = compare(contender(), destroyed, world(60, electronic=0.1, seed=3))
    assert few
    assert few.truth.tolist().count(2) < 20
    check = no_genre_lost([(few, Paired(few))])
    assert check.passed
    none = compare(contender(), destroyed, world(12))
    assert none
    assert "No genre has 20" in no_genre_lost([(none, Paired(none))]).sentence


def test_a_genre_may_lose_more_than_the_margin_within_noise() -> None:
    lost = compared(contender(), contender({**GOOD, ("instrumentalness", "electronic"): 5}), 120)
    (own,) = (change for change in genre_changes(lost) if change.genre == "electronic")
    assert own.songs >= 20
    assert own.f1_before - own.f1_after > 0.02
    assert no_genre_lost([(lost, Paired(lost))]).passed


def test_a_high_calibration_error_is_no_fault_if_it_was_as_high_before() -> None:
    sure = contender({key: 20 * weight for key, weight in GOOD.items()})
    own = compared(sure, contender({key: 19 * weight for key, weight in GOOD.items()}))
    assert calibration_error(own.after, own.truth) > 0.15
    assert calibrated(own, Paired(own)).passed


def test_a_calibration_error_above_the_limit_is_a_fault_also_within_the_margin() -> None:
    weights = {key: 7.3 * weight for key, weight in GOOD.items()}
    own = compared(contender({key: 7 * weight for key, weight in GOOD.items()}), contender(weights))
    before, after = (calibration_error(one, own.truth) for one in (own.before, own.after))
    assert after - before < 0.02
    assert calibrated(own, Paired(own)).passed == (after <= max(0.15, before))


def test_models_may_grow_but_not_without_limit() -> None:
    small, medium, large = (contender(padding=size) for size in (0, 3_900_000, 33_000_000))
    assert small_enough(small, medium).passed
    assert not small_enough(small, large).passed
    assert small_enough(medium, contender(padding=11_000_000)).passed
    assert not small_enough(large, large).passed


@pytest.mark.parametrize(
    ("before", "after", "passed"),
    [(0.0001, 0.0009, True), (0.0001, 0.0011, False), (0.002, 0.0055, True), (0.009, 0.011, False)],
)
def test_the_time_of_a_prediction_is_limited(*, before: float, after: float, passed: bool) -> None:
    moments = itertools.accumulate(itertools.cycle((0.0, before, 0.0, after)))
    one = contender()
    assert fast_enough(one, one, lambda: next(moments)).passed == passed


def test_a_single_slow_prediction_does_not_count() -> None:
    usual = [0.0, 0.0001, 0.0, 0.0001]
    moments = itertools.accumulate(itertools.chain([0.0, 0.0001, 0.0, 5.0], itertools.cycle(usual)))
    one = contender()
    assert fast_enough(one, one, lambda: next(moments)).passed


def test_more_probable_but_no_more_right_is_not_better() -> None:
    own = compared(contender(), contender(), songs=10)
    before = np.tile(np.array([0.5, 0.3, 0.2], dtype=np.float32), (10, 1))
    own = replace(own, truth=np.ones(10, dtype=np.intp), before=before, after=before)
    surer = before + np.array([0, 0.15, -0.15], dtype=np.float32)
    assert not better_on_corrections(replace(own, after=surer)).passed
    after = before.copy()
    after[:5] = [0.3, 0.5, 0.2]
    check = better_on_corrections(replace(own, after=after))
    assert check.passed
    assert check.sentence.endswith("it is better.")


def test_changes_too_small_to_see_are_none() -> None:
    before = np.full((4, 2), 0.5, dtype=np.float32)
    assert not changed([(before, before + 0.0005)]).passed
    shifted = before + np.array([0.01, -0.01], dtype=np.float32)
    assert changed([(before, before), (before, shifted)]).passed
