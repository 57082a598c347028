"""A multilayer perceptron that predicts the true genre from noisy labels.

The tables' labels are observations of the true genre (see `training.annotators`). For a row with
features x, and observations with the likelihood p(observations | genre), the loss is

    -log sum over genres of p(genre | x) * p(observations | genre)
    - LABEL_WEIGHT * log p(label | x, annotator)

so the network learns p(genre | x), and no row is taken to be labelled correctly. The second term
has outputs of its own, for the finest labels of each annotator; they are left out of the trained
network, and help the hidden layers to tell songs apart. The optimiser is AdamW
(https://arxiv.org/abs/1711.05101) with a cosine learning rate schedule and linear warm-up; hidden
layers have dropout, and inputs new random absences (`training.features`) in every epoch.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import optax

from training.features import Matrix
from training.targets import NO_LABEL, Codes, Targets

LABEL_WEIGHT: Final = 0.3

EPSILON: Final = 1e-12
"""Lower bound of likelihoods before a logarithm is taken."""

FAR_BELOW: Final = -1e9
"""Logit of the labels of other annotators; minus infinity has no gradient."""

WARM_UP_STEPS: Final = 200
"""Number of steps over which the learning rate rises linearly."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Hyperparameters of a network.

    Attributes:
        hidden: Width of each hidden layer.
        epochs: Number of epochs.
        dropout: Dropout rate of the hidden layers.
        batch: Batch size.
        rate: Highest learning rate.
        decay: Weight decay.
    """

    hidden: tuple[int, ...]
    epochs: int
    dropout: float
    batch: int = 1024
    rate: float = 3e-3
    decay: float = 0.05


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
        """Return the logits, [rows, genres], of inputs [rows, inputs]."""
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
    targets: Targets,
    *,
    settings: Settings,
    seed: int,
) -> Network:
    """Train a network.

    Args:
        sample: Returns the inputs of all rows, [rows, inputs], with new absences at each call.
        targets: What is known of each row.
        settings: Hyperparameters.
        seed: Seed of all random draws.
    """
    rng = np.random.default_rng(seed)
    inputs = sample(rng)
    rows, genres = targets.likelihood.shape
    batch = min(settings.batch, rows)
    steps = rows // batch
    owners = tuple(targets.label_annotator.tolist())
    optimiser, epoch = _optimisation(settings, steps * settings.epochs, owners)
    outputs = genres + len(targets.label_annotator)
    layers = _first_layers((inputs.shape[1], *settings.hidden, outputs), rng)
    state = optimiser.init(layers)
    known = (
        np.log(np.maximum(targets.likelihood, np.float32(EPSILON))),
        targets.label,
        targets.annotator,
        targets.weight,
    )
    for number in range(settings.epochs):
        inputs = sample(rng) if number else inputs
        order = rng.permutation(rows)[: steps * batch].reshape(steps, batch)
        keys = jax.random.split(jax.random.key(int(rng.integers(2**31))), steps)
        batches = (inputs[order], *(values[order] for values in known), keys)
        layers, state = epoch(layers, state, batches)
    weights, biases = zip(*(map(np.asarray, layer) for layer in layers), strict=True)
    return Network((*weights[:-1], weights[-1][:, :genres]), (*biases[:-1], biases[-1][:genres]))


@lru_cache(maxsize=1)
def _optimisation(
    settings: Settings, steps: int, label_annotator: tuple[int, ...]
) -> tuple[optax.GradientTransformation, Any]:
    """Return optimiser and epoch function, which is compiled once for an ensemble."""
    optimiser = _optimiser(settings, steps)
    owners = np.array(label_annotator, np.int32)
    return optimiser, _epoch_function(optimiser, settings.dropout, owners)


def _optimiser(settings: Settings, steps: int) -> optax.GradientTransformation:
    warm_up = min(WARM_UP_STEPS, max(steps // 10, 1))
    rate = optax.warmup_cosine_decay_schedule(0.0, settings.rate, warm_up, max(steps, warm_up + 1))
    return optax.adamw(
        rate,
        b2=0.99,
        weight_decay=settings.decay,
        mask=lambda layers: [(True, False) for _ in layers],
    )


def _first_layers(
    widths: tuple[int, ...], rng: np.random.Generator
) -> list[tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]]:
    """Return layers with random weights (He et al., https://arxiv.org/abs/1502.01852)."""
    layers = [
        (
            (rng.standard_normal((before, after)) * np.sqrt(2 / before)).astype(np.float32),
            np.zeros(after, np.float32),
        )
        for before, after in pairwise(widths)
    ]
    layers[-1] = (layers[-1][0] * np.float32(0.1), layers[-1][1])
    return layers


def _epoch_function(
    optimiser: optax.GradientTransformation, dropout: float, label_annotator: Codes
) -> Any:
    """Return the compiled function that makes one step for each batch of an epoch."""

    def logits(layers: Any, inputs: Any, key: Any) -> Any:
        *hidden, last = layers
        for number, (weight, bias) in enumerate(hidden):
            inputs = jax.nn.relu(inputs @ weight + bias)
            kept = jax.random.bernoulli(jax.random.fold_in(key, number), 1 - dropout, inputs.shape)
            inputs = jnp.where(kept, inputs, 0) / (1 - dropout)
        return inputs @ last[0] + last[1]

    def loss(layers: Any, batch: Any) -> Any:
        inputs, log_likelihood, label, annotator, weight, key = batch
        outputs = logits(layers, inputs, key)
        genres = log_likelihood.shape[1]
        of_genre = jax.nn.log_softmax(outputs[:, :genres])
        total = jax.nn.logsumexp(of_genre + log_likelihood, axis=1)
        if label_annotator.size:
            own = label_annotator[None, :] == annotator[:, None]
            of_label = jax.nn.log_softmax(jnp.where(own, outputs[:, genres:], FAR_BELOW))
            index = jnp.maximum(label, 0)[:, None]
            observed = jnp.take_along_axis(of_label, index, axis=1)[:, 0]
            total += LABEL_WEIGHT * jnp.where(label == NO_LABEL, 0, observed)
        return -(weight * total).mean()

    def step(carry: Any, batch: Any) -> Any:
        layers, state = carry
        updates, state = optimiser.update(jax.grad(loss)(layers, batch), state, layers)
        return (optax.apply_updates(layers, updates), state), None

    @jax.jit
    def epoch(layers: Any, state: Any, batches: Any) -> Any:
        return jax.lax.scan(step, (layers, state), batches)[0]

    return epoch
