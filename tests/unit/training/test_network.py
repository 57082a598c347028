import numpy as np
import pytest

from training.features import Matrix
from training.network import NO_GENRE, Codes, Network, Settings, _Trainer, softmax, train

LABEL_GENRE = np.array([0, 1, 0, NO_GENRE])


@pytest.fixture
def samples() -> tuple[Matrix, Codes]:
    """Return points in a square, with the quadrant as fine label."""
    inputs = np.random.default_rng(0).uniform(-1, 1, (2000, 2)).astype(np.float32)
    return inputs, (inputs[:, 0] > 0) + 2 * (inputs[:, 1] > 0)


def fitted(inputs: Matrix, fine_label: Codes, seed: int = 0) -> Network:
    settings = Settings((16, 16), epochs=12, dropout=0.0, batch=50, rate=1e-2)
    return train(lambda _: inputs, fine_label, LABEL_GENRE, settings=settings, seed=seed)


def test_network_learns_fine_labels(samples: tuple[Matrix, Codes]) -> None:
    inputs, fine_label = samples
    assert (fitted(inputs, fine_label).logits(inputs).argmax(axis=1) == fine_label).mean() > 0.95


def test_network_depends_only_on_the_seed(
    samples: tuple[Matrix, Codes],
) -> None:
    one, same, other = (fitted(*samples, seed=seed).logits(samples[0]) for seed in (4, 4, 5))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_gradient_matches_the_documented_loss() -> None:
    rng = np.random.default_rng(2)
    logits = rng.standard_normal((6, 4))
    fine_label = np.array([0, 1, 2, 3, 0, 1])
    trainer = _Trainer(Settings((3,), epochs=1, dropout=0.0), 2, LABEL_GENRE, rng)

    def loss(at: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> float:
        shares = np.exp(at) / np.exp(at).sum(axis=1, keepdims=True)
        total = 0.0
        for share, own in zip(shares, fine_label, strict=True):
            total -= 0.3 * np.log(share[own])
            if LABEL_GENRE[own] != NO_GENRE:
                genre = share[LABEL_GENRE[own] == LABEL_GENRE].sum()
                total -= 0.7 * np.log(genre / share[LABEL_GENRE != NO_GENRE].sum())
        return total / len(fine_label)

    error = trainer._error(logits.astype(np.float32), fine_label)
    for row, column in np.ndindex(logits.shape):
        step = np.zeros_like(logits)
        step[row, column] = 1e-5
        slope = (loss(logits + step) - loss(logits - step)) / 2e-5
        assert error[row, column] == pytest.approx(slope, abs=1e-5)


def test_softmax_sums_to_one_for_large_logits() -> None:
    shares = softmax(np.array([[1000, 999], [-1000, 0]], np.float32))
    assert shares.sum(axis=1) == pytest.approx(1)
    assert shares[0, 0] == pytest.approx(0.7311, abs=1e-4)
