"""A small neural network, trained with numpy: it learns shelves and is asked for genres.

The tables disagree about genres, so the network does not learn a genre alone: it learns on which
*shelf* of which table a song stands (see `training.dataset`), and a genre's probability is that of all
shelves filed under it. Rows whose shelf belongs to no genre help to learn as well. The loss mixes
both questions: `(1 - SHELF_SHARE)` of it is the cross-entropy of the genre among the shelves that
have one, `SHELF_SHARE` that of the shelf.

Training: Adam (https://arxiv.org/abs/1412.6980) with decoupled weight decay
(https://arxiv.org/abs/1711.05101), a learning rate that falls along a cosine, dropout, and fresh
random absences (`training.features`) in every epoch.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from training.features import Matrix

SHELF_SHARE: Final = 0.3
NONE: Final = -1
"""The genre of a shelf that has none."""

WARM_UP: Final = 200
"""Steps over which the learning rate rises."""

TINY: Final = 1e-12

Codes = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Settings:
    """How a network is built and trained."""

    hidden: tuple[int, ...]
    epochs: int
    dropout: float
    batch: int = 512
    rate: float = 2e-3
    decay: float = 0.1


@dataclass(frozen=True, slots=True)
class Network:
    """Fully connected layers with rectifiers between them."""

    weights: tuple[Matrix, ...]
    biases: tuple[Matrix, ...]

    def logits(self, inputs: Matrix) -> Matrix:
        """Return [rows, shelves]."""
        *hidden, last = zip(self.weights, self.biases, strict=True)
        for weight, bias in hidden:
            inputs = np.maximum(inputs @ weight + bias, 0)
        logits: Matrix = inputs @ last[0] + last[1]
        return logits


def softmax(logits: Matrix) -> Matrix:
    """Return rows that sum to 1."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Matrix = powers / powers.sum(axis=1, keepdims=True)
    return shares


def train(
    sample: Callable[[np.random.Generator], Matrix],
    shelf: Codes,
    shelf_genre: Codes,
    *,
    settings: Settings,
    seed: int,
) -> Network:
    """Train a network that tells the `shelf` of each row from its inputs.

    `sample` returns the inputs of all rows, with other absences at every call; `shelf_genre` maps
    each shelf to its genre, or to NONE.
    """
    rng = np.random.default_rng(seed)
    inputs = sample(rng)
    trainer = _Trainer(settings, inputs.shape[1], shelf_genre, rng)
    batches = len(shelf) // settings.batch or 1
    for epoch in range(settings.epochs):
        inputs = sample(rng) if epoch else inputs
        order = rng.permutation(len(shelf))
        for number, batch in enumerate(np.array_split(order, batches)):
            done = (epoch * batches + number) / (settings.epochs * batches)
            trainer.step(inputs[batch], shelf[batch], done)
    return trainer.network


class _Trainer:
    """The moving parts of a training run."""

    def __init__(
        self, settings: Settings, width: int, shelf_genre: Codes, rng: np.random.Generator
    ) -> None:
        self._settings = settings
        self._shelf_genre = shelf_genre
        self._rng = rng
        widths = (width, *settings.hidden, len(shelf_genre))
        pairs = list(pairwise(widths))
        weights = [
            (rng.standard_normal(pair) * np.sqrt(2 / pair[0])).astype(np.float32) for pair in pairs
        ]
        weights[-1] *= np.float32(0.1)
        self._depth = len(weights)
        self._parameters = weights + [np.zeros(width, np.float32) for width in widths[1:]]
        self._slopes = [np.zeros_like(values) for values in self._parameters]
        self._squares = [np.zeros_like(values) for values in self._parameters]
        self._steps = 0

    @property
    def network(self) -> Network:
        """The network as it stands."""
        return Network(
            tuple(self._parameters[: self._depth]), tuple(self._parameters[self._depth :])
        )

    def step(self, inputs: Matrix, shelf: Codes, done: float) -> None:
        """Learn from one batch; `done` is the part of the training that is behind."""
        outputs, kept = self._forward(inputs)
        error = self._error(outputs[-1], shelf)
        gradients = self._backward(outputs, kept, error)
        self._steps += 1
        rate = self._settings.rate * (1 + math.cos(math.pi * done)) / 2
        rate *= min(1, self._steps / WARM_UP)
        for index, gradient in enumerate(gradients):
            self._update(index, gradient, rate)

    def _forward(self, inputs: Matrix) -> tuple[list[Matrix], list[Matrix]]:
        """Return the outputs of all layers, the inputs first, and what dropout kept."""
        outputs, kept = [inputs], []
        keep = np.float32(1 - self._settings.dropout)
        for layer in range(self._depth):
            weight, bias = self._parameters[layer], self._parameters[self._depth + layer]
            output = outputs[-1] @ weight + bias
            if layer < self._depth - 1:
                mask = (self._rng.random(output.shape, dtype=np.float32) < keep) / keep
                kept.append(mask * (output > 0))
                output = output * kept[-1]
            outputs.append(output)
        return outputs, kept

    def _error(self, logits: Matrix, shelf: Codes) -> Matrix:
        """Return the gradient of the mean loss with respect to the logits."""
        probabilities = softmax(logits)
        rows = np.arange(len(shelf))
        of_shelf = probabilities.copy()
        of_shelf[rows, shelf] -= 1
        genre = self._shelf_genre[shelf]
        any_genre = probabilities * (self._shelf_genre != NONE)
        own_genre = probabilities * (self._shelf_genre == genre[:, None])
        of_genre = _normalised(any_genre) - _normalised(own_genre)
        of_genre *= (genre != NONE)[:, None]
        error = SHELF_SHARE * of_shelf + (1 - SHELF_SHARE) * of_genre
        return (error / len(shelf)).astype(np.float32)

    def _backward(self, outputs: list[Matrix], kept: list[Matrix], error: Matrix) -> list[Matrix]:
        weights: list[Matrix] = []
        biases: list[Matrix] = []
        for layer in reversed(range(self._depth)):
            weights.insert(0, outputs[layer].T @ error)
            biases.insert(0, error.sum(axis=0))
            if layer:
                error = (error @ self._parameters[layer].T) * kept[layer - 1]
        return weights + biases

    def _update(self, index: int, gradient: Matrix, rate: float) -> None:
        values, slope, square = (
            self._parameters[index],
            self._slopes[index],
            self._squares[index],
        )
        slope += 0.1 * (gradient - slope)
        square += 0.01 * (gradient * gradient - square)
        step = slope / (1 - 0.9**self._steps)
        step /= np.sqrt(square / (1 - 0.99**self._steps)) + 1e-8
        if index < self._depth:
            step += self._settings.decay * values
        values -= rate * step


def _normalised(parts: Matrix) -> Matrix:
    normalised: Matrix = parts / (parts.sum(axis=1, keepdims=True) + np.float32(TINY))
    return normalised
