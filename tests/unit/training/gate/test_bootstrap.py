"""The paired bootstrap over artists, and the correction for many genres."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.contenders import GOOD, contender, world
from training.evaluation import calibration_error, gap_error
from training.gate.bootstrap import Paired, holm
from training.gate.comparison import Compared, compare

WORSE = {**GOOD, ("danceability", "hip-hop"): 3.0}


def compared(songs: int = 600) -> Compared:
    found = compare(contender(), contender(WORSE), world(songs))
    assert found
    return found


def test_the_interval_is_as_wide_as_the_standard_error_says() -> None:
    own = compared()
    low, high = Paired(own).weighted_f1_gap()
    error = gap_error(own.best_after, own.best_before, own.truth, own.artists)
    assert low < high < 0
    assert (high - low) / (2 * 1.96) == pytest.approx(error, rel=0.15)


def test_songs_of_one_artist_make_more_noise_than_those_of_many() -> None:
    own = compared()
    alone = Compared(
        **{name: getattr(own, name) for name in Compared.__dataclass_fields__}
        | {"artists": tuple(map(str, range(len(own.songs))))}
    )
    low, high = Paired(own).weighted_f1_gap()
    narrow_low, narrow_high = Paired(alone).weighted_f1_gap()
    assert high - low > narrow_high - narrow_low


def test_a_loss_has_a_small_chance_and_no_loss_a_large_one() -> None:
    own = compared()
    chances = dict(zip(own.genres, Paired(own).chance_of_no_loss(), strict=True))
    assert 0 < chances["hip-hop"] < 0.01
    same = compare(contender(), contender(), world(200))
    assert same
    assert Paired(same).chance_of_no_loss().tolist() == [1, 1, 1]
    assert Paired(same).weighted_f1_gap() == (0, 0)
    assert Paired(same).calibration_gap() == (0, 0)


def test_the_calibration_gap_is_that_of_the_measured_errors() -> None:
    overconfident = {key: 20 * weight for key, weight in GOOD.items()}
    own = compare(contender(), contender(overconfident), world(600))
    assert own
    gap = calibration_error(own.after, own.truth) - calibration_error(own.before, own.truth)
    low, high = Paired(own).calibration_gap()
    assert low < gap < high
    assert high - low < 0.2


def test_holm_multiplies_the_smallest_by_their_number() -> None:
    found = holm(np.array([0.04, 0.01, 0.03]))
    assert found.tolist() == pytest.approx([0.06, 0.03, 0.06])


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=20))
def test_holm_keeps_the_order_and_never_lowers(values: list[float]) -> None:
    found = holm(np.array(values))
    assert (found >= np.array(values) - 1e-12).all()
    assert (found <= 1).all()
    order = np.argsort(values, kind="stable")
    assert (np.diff(found[order]) >= 0).all()
