import numpy as np
import pytest

from model.schema import CORE
from training.evaluation import codes
from training.features import matrix
from training.study import core
from training.study.candidates import (
    OURS,
    RESAMPLED,
    Samples,
    candidates,
    fit_candidate,
    fit_fixed,
    keys,
    note,
    oversampled,
)
from training.study.core import TaskData
from training.study.sizes import Size, load_size


@pytest.fixture(scope="module")
def samples(three: TaskData) -> Samples:
    return Samples(
        values=matrix(three.train)[:, : len(CORE)],
        label=codes(three.train["genre"], three.task.genres),
        truth=codes(three.train["truth"], three.task.genres),
        artist=np.unique(core.artists(three.train), return_inverse=True)[1],
        searched=np.ones(len(three.train), dtype=bool),
    )


def test_nine_original_models_come_first_and_ours_last() -> None:
    groups = [one.get("group", "study") for one in candidates().values()]
    assert groups == ["study"] * 9 + ["challenger"]
    assert keys()[-1] == OURS


@pytest.mark.parametrize("key", candidates())
def test_every_model_predicts_probabilities_of_all_genres(
    key: str, samples: Samples, three: TaskData, tiny: Size
) -> None:
    tests = {"core": core.core_only(three.test)[:, : len(CORE)]}
    found = fit_candidate(key, samples, tests, 3, tiny, 0)
    assert set(found.tests) == {"core", RESAMPLED}
    for probabilities in found.tests.values():
        assert probabilities.shape == (len(three.test), 3)
        assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert len(found.folds) == tiny.folds
    assert all(0 < score <= 1 for score in found.folds)
    assert set(found.settings) == set(candidates()[key].get("grid", ()))
    assert found.bytes > 0
    assert found.row_ms > 0


def test_settings_are_searched_against_the_truth_and_not_the_labels(
    samples: Samples, three: TaskData, tiny: Size
) -> None:
    tests = {"core": core.core_only(three.test)[:, : len(CORE)]}
    shifted = Samples(
        samples.values, samples.label, (samples.truth + 1) % 3, samples.artist, samples.searched
    )
    right = fit_candidate("forest", samples, tests, 3, tiny, 0)
    wrong = fit_candidate("forest", shifted, tests, 3, tiny, 0)
    assert min(right.folds) > max(wrong.folds)
    assert np.array_equal(right.tests["core"], wrong.tests["core"])


def test_genre_without_training_rows_has_probability_zero(tiny: Size) -> None:
    rng = np.random.default_rng(0)
    values = rng.random((60, len(CORE)), dtype=np.float32)
    label = np.repeat([0, 2], 30)
    found = fit_fixed("boosting", values, label, {"core": values}, 4, tiny, 0).tests["core"]
    assert found.shape == (60, 4)
    assert not found[:, [1, 3]].any()


def test_rows_of_rare_genres_are_repeated_until_all_are_equally_frequent() -> None:
    label = np.array([0, 0, 0, 0, 1, 2, 2])
    drawn = oversampled(label, np.arange(len(label)), seed=0)
    assert np.bincount(label[drawn]).tolist() == [4, 4, 4]
    assert set(drawn) == set(range(len(label)))


def test_limits_and_approximations_are_said_in_the_note() -> None:
    full = load_size("full")
    assert note("forest", full, 3, 1_000) == ""
    assert note("forest", full, 13, 100_000) == "trained on 40,000 rows"
    assert note("svc", full, 13, 100_000) == "kernel approximated; trained on 10,000 rows"
