import numpy as np
import pandas as pd
import pytest

from model.schema import CORE, INPUT_NAMES
from training.evaluation import codes
from training.features import matrix
from training.split import Side
from training.study import core
from training.study.core import TaskData
from training.study.sizes import Size


def test_songs_of_a_task_are_divided_by_artist_and_have_a_truth(three: TaskData) -> None:
    assert set(three.train["side"]) == {Side.TRAIN}
    assert set(three.test["side"]) == {Side.TEST}
    assert set(three.test["truth"]) == set(three.task.genres)
    assert not three.test["recording"].duplicated().any()
    assert not set(core.artists(three.train)) & set(core.artists(three.test))


def test_codes_are_indices_of_genres(three: TaskData) -> None:
    genres = pd.Series([*three.task.genres, "", "polka"])
    assert codes(genres, three.task.genres).tolist() == [0, 1, 2, -1, -1]


def test_core_only_hides_everything_else(three: TaskData) -> None:
    hidden = core.core_only(three.test)
    assert hidden.shape == (len(three.test), len(INPUT_NAMES))
    assert not np.isnan(hidden[:, : len(CORE)]).any()
    assert np.isnan(hidden[:, len(CORE) :]).all()


def test_share_of_artists_grows_and_keeps_artists_together(songs: pd.DataFrame) -> None:
    some, more = (core.some_artists(songs, share, "test") for share in (0.3, 0.6))
    assert 0 < some.sum() < more.sum() < len(songs)
    assert not (some & ~more).any()
    by_artist = some.groupby(np.array(core.artists(songs)))
    assert (by_artist.min() == by_artist.max()).all()


@pytest.mark.training
def test_our_model_is_fitted_within_the_limits_of_the_size(three: TaskData, tiny: Size) -> None:
    assert core.plan_of(three.task, tiny).networks == tiny.networks
    plan = core.check_plan(three.rows, three.task, tiny)
    assert (plan.networks, plan.settings.epochs) == (1, 4 * tiny.check_epochs)  # few rows
    tests = {"core": core.core_only(three.test), "all": matrix(three.test)}
    found = core.fit_ours(three.rows, three.task, plan, 0, tests, "hard")
    for probabilities in found.tests.values():
        assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert found.bytes > 1000
    assert found.row_ms > 0
