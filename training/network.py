"""A multilayer perceptron in numpy that predicts fine labels, for classifying genres.

The tables disagree about genres, so the network predicts the *fine label* of a song in its table
(see `training.dataset`); the probability of a genre is the sum over its fine labels. Rows whose
fine label belongs to no genre are used for training too. The loss is

    (1 - FINE_LABEL_WEIGHT) * cross-entropy of the genre, among the fine labels that have a genre
    + FINE_LABEL_WEIGHT * cross-entropy of the fine label

The optimiser is Adam (https://arxiv.org/abs/1412.6980) with decoupled weight decay
(https://arxiv.org/abs/1711.05101) and a cosine learning rate schedule with linear warm-up. Inputs
have dropout on the hidden layers and new random absences (`training.features`) in every epoch.

It is own code instead of PyTorch because the networks are small, and numpy with one thread gives
the same bytes on every run on a machine; scikit-learn's MLPClassifier has neither this loss nor
dropout.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from training.features import Matrix

FINE_LABEL_WEIGHT: Final = 0.3
NO_GENRE: Final = -1
"""Genre index of a fine label without a genre."""

WARM_UP_STEPS: Final = 200
"""Number of steps over which the learning rate rises linearly."""

EPSILON: Final = 1e-12

Codes = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Settings:
    """Hyperparameters of a network.

    Attributes:
        hidden: Width of each hidden layer.
        epochs: Number of epochs.
        dropout: Dropout rate of the hidden layers.
        batch: Batch size.
        rate: Initial learning rate.
        decay: Weight decay.
    """

    hidden: tuple[int, ...]
    epochs: int
    dropout: float
    batch: int = 512
    rate: float = 2e-3
    decay: float = 0.1


@dataclass(frozen=True, slots=True)
class Network:
    """Weights and biases of fully connected layers with ReLU between them.

    Attributes:
        weights: float32 [inputs, outputs] of each layer.
        biases: float32 [outputs] of each layer.
    """

    weights: tuple[Matrix, ...]
    biases: tuple[Matrix, ...]

    def logits(self, inputs: Matrix) -> Matrix:
        """Return the logits, [rows, fine labels], of inputs [rows, inputs]."""
        *hidden, last = zip(self.weights, self.biases, strict=True)
        for weight, bias in hidden:
            inputs = np.maximum(inputs @ weight + bias, 0)
        logits: Matrix = inputs @ last[0] + last[1]
        return logits


def softmax(logits: Matrix) -> Matrix:
    """Return the softmax of each row."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Matrix = powers / powers.sum(axis=1, keepdims=True)
    return shares


def train(
    sample: Callable[[np.random.Generator], Matrix],
    fine_label: Codes,
    label_genre: Codes,
    *,
    settings: Settings,
    seed: int,
) -> Network:
    """Train a network to predict fine labels.

    Args:
        sample: Returns the inputs of all rows, [rows, inputs], with new absences at each call.
        fine_label: Index of each row's fine label.
        label_genre: Index of each fine label's genre, or `NO_GENRE`.
        settings: Hyperparameters.
        seed: Seed of all random draws.
    """
    rng = np.random.default_rng(seed)
    inputs = sample(rng)
    trainer = _Trainer(settings, inputs.shape[1], label_genre, rng)
    batches = len(fine_label) // settings.batch or 1
    for epoch in range(settings.epochs):
        inputs = sample(rng) if epoch else inputs
        order = rng.permutation(len(fine_label))
        for number, batch in enumerate(np.array_split(order, batches)):
            done = (epoch * batches + number) / (settings.epochs * batches)
            trainer.step(inputs[batch], fine_label[batch], done)
    return trainer.network


class _Trainer:
    """State of a training run."""

    def __init__(
        self, settings: Settings, width: int, label_genre: Codes, rng: np.random.Generator
    ) -> None:
        self._settings = settings
        self._label_genre = label_genre
        self._rng = rng
        widths = (width, *settings.hidden, len(label_genre))
        pairs = list(pairwise(widths))
        weights = [
            (rng.standard_normal(pair) * np.sqrt(2 / pair[0])).astype(np.float32) for pair in pairs
        ]
        weights[-1] *= np.float32(0.1)
        self._depth = len(weights)
        self._parameters = weights + [np.zeros(width, np.float32) for width in widths[1:]]
        self._moments = [np.zeros_like(values) for values in self._parameters]
        self._squares = [np.zeros_like(values) for values in self._parameters]
        self._steps = 0

    @property
    def network(self) -> Network:
        """The network with the current parameters."""
        return Network(
            tuple(self._parameters[: self._depth]), tuple(self._parameters[self._depth :])
        )

    def step(self, inputs: Matrix, fine_label: Codes, done: float) -> None:
        """Update the parameters with one batch; `done` is the completed share of the training."""
        outputs, masks = self._forward(inputs)
        error = self._error(outputs[-1], fine_label)
        gradients = self._backward(outputs, masks, error)
        self._steps += 1
        rate = self._settings.rate * (1 + math.cos(math.pi * done)) / 2
        rate *= min(1, self._steps / WARM_UP_STEPS)
        for index, gradient in enumerate(gradients):
            self._update(index, gradient, rate)

    def _forward(self, inputs: Matrix) -> tuple[list[Matrix], list[Matrix]]:
        """Return the outputs of all layers, inputs first, and the masks of dropout and ReLU."""
        outputs, masks = [inputs], []
        keep = np.float32(1 - self._settings.dropout)
        for layer in range(self._depth):
            weight, bias = self._parameters[layer], self._parameters[self._depth + layer]
            output = outputs[-1] @ weight + bias
            if layer < self._depth - 1:
                mask = (self._rng.random(output.shape, dtype=np.float32) < keep) / keep
                masks.append(mask * (output > 0))
                output = output * masks[-1]
            outputs.append(output)
        return outputs, masks

    def _error(self, logits: Matrix, fine_label: Codes) -> Matrix:
        """Return the gradient of the mean loss with respect to the logits."""
        probabilities = softmax(logits)
        rows = np.arange(len(fine_label))
        of_label = probabilities.copy()
        of_label[rows, fine_label] -= 1
        genre = self._label_genre[fine_label]
        any_genre = probabilities * (self._label_genre != NO_GENRE)
        own_genre = probabilities * (self._label_genre == genre[:, None])
        of_genre = _normalised(any_genre) - _normalised(own_genre)
        of_genre *= (genre != NO_GENRE)[:, None]
        error = FINE_LABEL_WEIGHT * of_label + (1 - FINE_LABEL_WEIGHT) * of_genre
        return (error / len(fine_label)).astype(np.float32)

    def _backward(self, outputs: list[Matrix], masks: list[Matrix], error: Matrix) -> list[Matrix]:
        weights: list[Matrix] = []
        biases: list[Matrix] = []
        for layer in reversed(range(self._depth)):
            weights.insert(0, outputs[layer].T @ error)
            biases.insert(0, error.sum(axis=0))
            if layer:
                error = (error @ self._parameters[layer].T) * masks[layer - 1]
        return weights + biases

    def _update(self, index: int, gradient: Matrix, rate: float) -> None:
        values, moment, square = (
            self._parameters[index],
            self._moments[index],
            self._squares[index],
        )
        moment += 0.1 * (gradient - moment)
        square += 0.01 * (gradient * gradient - square)
        step = moment / (1 - 0.9**self._steps)
        step /= np.sqrt(square / (1 - 0.99**self._steps)) + 1e-8
        if index < self._depth:
            step += self._settings.decay * values
        values -= rate * step


def _normalised(values: Matrix) -> Matrix:
    normalised: Matrix = values / (values.sum(axis=1, keepdims=True) + np.float32(EPSILON))
    return normalised
