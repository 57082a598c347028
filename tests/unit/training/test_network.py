"""The trainer of networks on noisy labels."""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from training.features import Matrix
from training.network import Network, Settings, softmax, train
from training.targets import NO_LABEL, Codes, Targets

SETTINGS = Settings((16, 16), epochs=30, dropout=0.0, batch=100, rate=1e-2, decay=0.0)
NO_LABELS = np.empty(0, np.int32)


@pytest.fixture
def inputs() -> Matrix:
    """Return points in a square."""
    return np.random.default_rng(0).uniform(-1, 1, (2000, 2)).astype(np.float32)


@pytest.fixture
def quadrant(inputs: Matrix) -> Codes:
    """Return the quadrant of each point, which is its genre."""
    return ((inputs[:, 0] > 0) + 2 * (inputs[:, 1] > 0)).astype(np.int32)


def known(likelihood: npt.NDArray[np.floating[Any]], **changes: Any) -> Targets:
    """Return targets without labels, of equal weight."""
    rows = len(likelihood)
    found = Targets(
        likelihood=likelihood.astype(np.float32),
        label=np.full(rows, NO_LABEL, np.int32),
        annotator=np.zeros(rows, np.int32),
        label_annotator=NO_LABELS,
        weight=np.ones(rows, np.float32),
    )
    return replace(found, **changes)


def fitted(inputs: Matrix, targets: Targets, seed: int = 0, **settings: Any) -> Network:
    changed = replace(SETTINGS, **settings)
    return train(lambda _: inputs, targets, settings=changed, seed=seed)


def accuracy(network: Network, inputs: Matrix, truth: Codes) -> float:
    return float((network.logits(inputs).argmax(axis=1) == truth).mean())


def one_hot(truth: Codes) -> Matrix:
    return np.eye(4, dtype=np.float32)[truth]


def test_network_learns_the_genre(inputs: Matrix, quadrant: Codes) -> None:
    network = fitted(inputs, known(one_hot(quadrant)))
    assert accuracy(network, inputs, quadrant) > 0.95
    assert [weight.shape for weight in network.weights] == [(2, 16), (16, 16), (16, 4)]


def test_true_genre_is_learnt_through_a_noisy_annotator(inputs: Matrix, quadrant: Codes) -> None:
    # the annotator calls three of five songs of genre 1 by the label of genre 0
    confusion = np.eye(4)
    confusion[:, 1] = [0.6, 0.4, 0, 0]
    renamed = (quadrant == 1) & (np.random.default_rng(1).random(len(inputs)) < 0.6)
    label = np.where(renamed, 0, quadrant)
    noisy = fitted(inputs, known(confusion[label]))
    hard = fitted(inputs, known(one_hot(label)))
    assert accuracy(noisy, inputs, quadrant) > 0.9
    assert accuracy(hard, inputs, quadrant) < 0.85


def test_rows_that_say_nothing_teach_nothing(inputs: Matrix, quadrant: Codes) -> None:
    likelihood = one_hot(quadrant)
    likelihood[quadrant == 3] = 1
    shares = softmax(fitted(inputs, known(likelihood)).logits(inputs[quadrant == 3]))
    assert (shares.argmax(axis=1) == 3).sum() == 0


@pytest.mark.long
def test_labels_help_where_genres_are_unknown(inputs: Matrix, quadrant: Codes) -> None:
    # two songs of each genre are known; all have a label, whose meaning is not
    shown = np.concatenate([np.flatnonzero(quadrant == genre)[:2] for genre in range(4)])
    likelihood = np.ones((len(inputs), 4))
    likelihood[shown] = one_hot(quadrant)[shown]
    alone = known(likelihood)
    labelled = replace(alone, label=quadrant, label_annotator=np.zeros(4, np.int32))
    found = [
        accuracy(fitted(inputs, one, epochs=60), inputs, quadrant) for one in (labelled, alone)
    ]
    assert found[0] > found[1] + 0.02


def test_label_outputs_are_not_in_the_trained_network(inputs: Matrix, quadrant: Codes) -> None:
    labelled = known(one_hot(quadrant), label=quadrant, label_annotator=np.zeros(4, np.int32))
    network = fitted(inputs, labelled, epochs=2)
    assert network.logits(inputs).shape == (len(inputs), 4)
    assert network.biases[-1].shape == (4,)


@pytest.mark.long
def test_only_label_of_an_annotator_teaches_nothing(inputs: Matrix, quadrant: Codes) -> None:
    # a label counts against the labels of its own annotator alone
    nothing = known(
        np.ones((len(inputs), 4)),
        label=quadrant,
        annotator=quadrant,
        label_annotator=np.arange(4, dtype=np.int32),
    )
    shared = replace(
        nothing, annotator=np.zeros_like(quadrant), label_annotator=np.zeros(4, np.int32)
    )
    assert movement(inputs, nothing) < 0.01
    assert movement(inputs, shared) > 0.05


def movement(inputs: Matrix, targets: Targets) -> float:
    """Return how far the first layer moves from the first epoch to the fourth."""
    few, more = (fitted(inputs, targets, epochs=epochs) for epochs in (1, 4))
    return float(np.abs(few.weights[0] - more.weights[0]).max())


def test_row_weights_count(inputs: Matrix, quadrant: Codes) -> None:
    # every point is given twice, with its genre and with a wrong one that has little weight
    twice, both = np.tile(inputs, (2, 1)), np.concatenate([quadrant, (quadrant + 1) % 4])
    light = np.repeat([1.0, 0.2], len(inputs)).astype(np.float32)
    right = fitted(twice, known(one_hot(both), weight=light))
    wrong = fitted(twice, known(one_hot(both), weight=light[::-1].copy()))
    assert accuracy(right, inputs, quadrant) > 0.9
    assert accuracy(wrong, inputs, quadrant) < 0.1


@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_network_depends_only_on_the_seed(inputs: Matrix, quadrant: Codes, dropout: float) -> None:
    targets = known(one_hot(quadrant))
    one, same, other = (
        fitted(inputs, targets, seed, epochs=3, dropout=dropout) for seed in (4, 4, 5)
    )
    assert all(map(np.array_equal, (*one.weights, *one.biases), (*same.weights, *same.biases)))
    assert not np.array_equal(one.weights[0], other.weights[0])


def test_inputs_are_drawn_anew_in_each_epoch(inputs: Matrix, quadrant: Codes) -> None:
    drawn: list[float] = []

    def sample(rng: np.random.Generator) -> Matrix:
        drawn.append(float(rng.random()))
        return inputs

    settings = replace(SETTINGS, epochs=3)
    train(sample, known(one_hot(quadrant)), settings=settings, seed=0)
    assert len(set(drawn)) == 3


def test_fewer_rows_than_a_batch_are_enough(inputs: Matrix, quadrant: Codes) -> None:
    network = fitted(inputs[:7], known(one_hot(quadrant[:7])), epochs=2)
    assert np.isfinite(network.logits(inputs)).all()


def test_softmax_sums_to_one_for_large_logits() -> None:
    shares = softmax(np.array([[1000, 999], [-1000, 0]], np.float32))
    assert shares.sum(axis=1) == pytest.approx(1)
    assert shares[0, 0] == pytest.approx(0.7311, abs=1e-4)
