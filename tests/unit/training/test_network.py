import numpy as np
import pytest

from training.features import Matrix
from training.network import NONE, Codes, Network, Settings, _Trainer, softmax, train

SHELF_GENRE = np.array([0, 1, 0, NONE])


@pytest.fixture
def lesson() -> tuple[Matrix, Codes]:
    """Points in a square; each quarter is a shelf."""
    inputs = np.random.default_rng(0).uniform(-1, 1, (2000, 2)).astype(np.float32)
    return inputs, (inputs[:, 0] > 0) + 2 * (inputs[:, 1] > 0)


def fitted(inputs: Matrix, shelf: Codes, seed: int = 0) -> Network:
    settings = Settings((16, 16), epochs=12, dropout=0.0, batch=50, rate=1e-2)
    return train(lambda _: inputs, shelf, SHELF_GENRE, settings=settings, seed=seed)


def test_it_learns_on_which_shelf_a_row_stands(lesson: tuple[Matrix, Codes]) -> None:
    inputs, shelf = lesson
    assert (fitted(inputs, shelf).logits(inputs).argmax(axis=1) == shelf).mean() > 0.95


def test_the_same_seed_gives_the_same_network_and_another_seed_another(
    lesson: tuple[Matrix, Codes],
) -> None:
    one, same, other = (fitted(*lesson, seed=seed).logits(lesson[0]) for seed in (4, 4, 5))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_the_gradient_is_that_of_the_loss_in_its_docstring() -> None:
    rng = np.random.default_rng(2)
    logits = rng.standard_normal((6, 4))
    shelf = np.array([0, 1, 2, 3, 0, 1])
    trainer = _Trainer(Settings((3,), epochs=1, dropout=0.0), 2, SHELF_GENRE, rng)

    def loss(at: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> float:
        shares = np.exp(at) / np.exp(at).sum(axis=1, keepdims=True)
        total = 0.0
        for share, own in zip(shares, shelf, strict=True):
            total -= 0.3 * np.log(share[own])
            if SHELF_GENRE[own] != NONE:
                genre = share[SHELF_GENRE[own] == SHELF_GENRE].sum()
                total -= 0.7 * np.log(genre / share[SHELF_GENRE != NONE].sum())
        return total / len(shelf)

    error = trainer._error(logits.astype(np.float32), shelf)
    for row, column in np.ndindex(logits.shape):
        step = np.zeros_like(logits)
        step[row, column] = 1e-5
        slope = (loss(logits + step) - loss(logits - step)) / 2e-5
        assert error[row, column] == pytest.approx(slope, abs=1e-5)


def test_softmax_sums_to_one_for_any_size_of_logit() -> None:
    shares = softmax(np.array([[1000, 999], [-1000, 0]], np.float32))
    assert shares.sum(axis=1) == pytest.approx(1)
    assert shares[0, 0] == pytest.approx(0.7311, abs=1e-4)
