"""Trains the networks of an ensemble further, on corrected songs and on songs that are drawn.

A network that learnt the corrections alone would forget the rest. It therefore also keeps to its
own probabilities before the training, on songs that are drawn from the feature distributions of the
tables (rehearsal by distillation; Li and Hoiem, Learning without Forgetting,
https://arxiv.org/abs/1606.09282). With p the probabilities of a network, and q those before, its
loss is

    - (1 - s) * mean over drawn songs of sum over genres of q(genre) * log p(genre)
    - s * mean over corrected songs of log p(corrected genre)

Corrected songs are taken by their weights. s is their share if the drawn songs count as
`REHEARSAL_SONGS` songs (see `label_share`). In both, features are hidden at random as in the first
training. The optimiser is AdamW with a cosine learning rate schedule.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import optax

from model.schema import INPUT_NAMES
from training.ensemble import Ensemble
from training.features import Absence, Matrix, without
from training.network import Network, softmax
from training.retrain.rehearsal import Rehearsal

REHEARSAL_SONGS: Final = 20_000
"""Number of corrected songs that the drawn songs count as together.

It was chosen among 2,500 to 80,000, with models that had learnt country as rock, or jazz as
electronic, and 500 corrections: with fewer songs rare genres like the corrected one lost more than
2 points of F1, with more the corrected genre gained less.
"""

MAX_LABEL_SHARE: Final = 0.5
"""Largest share of the corrected songs in the loss."""

LEAST_NEWS: Final = 0.1
"""Smallest factor of the weight of corrections whose genres the start expects."""

SONGS_TO_COMPARE: Final = 20_000
"""Number of drawn songs from which it is computed what the start expects."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Hyperparameters of the training.

    Attributes:
        epochs: Number of epochs; songs are drawn and features hidden anew in each.
        steps: Number of steps of an epoch.
        drawn: Number of drawn songs in a step.
        corrected: Number of corrected songs in a step, taken with replacement.
        rate: Highest learning rate.
        decay: Weight decay.
    """

    epochs: int = 12
    steps: int = 30
    drawn: int = 768
    corrected: int = 256
    rate: float = 1e-3
    decay: float = 1e-4


SETTINGS: Final = Settings()


@dataclass(frozen=True, slots=True)
class Corrections:
    """Corrected songs.

    Attributes:
        values: Inputs in schema order, float32 [songs, inputs], NaN if missing.
        genres: Index of the genre of each song, intp [songs].
        weights: Weight of each song, float64 [songs], above 0.
    """

    values: Matrix
    genres: npt.NDArray[np.intp]
    weights: npt.NDArray[np.float64]

    def __len__(self) -> int:
        """Return the number of songs."""
        return len(self.genres)

    def of(self, chosen: npt.NDArray[Any]) -> "Corrections":
        """Return the songs of a mask or of indices."""
        return Corrections(self.values[chosen], self.genres[chosen], self.weights[chosen])


def label_share(weights: npt.NDArray[np.float64]) -> float:
    """Return the share of corrected songs in the loss, 0-`MAX_LABEL_SHARE`.

    Weights above 1 on average count as 1 on average, so that many voters on few songs do not
    outweigh the songs that were drawn.
    """
    total = min(float(weights.sum()), len(weights))
    return min(total / (total + REHEARSAL_SONGS), MAX_LABEL_SHARE)


def fine_tune(
    start: Ensemble,
    rehearsal: Rehearsal,
    corrections: Corrections,
    *,
    seed: int,
    settings: Settings = SETTINGS,
) -> Ensemble:
    """Return the ensemble trained further; its calibration is that of the start.

    Args:
        start: The ensemble to start from.
        rehearsal: Feature distributions of the songs that it was trained on.
        corrections: Corrected songs, at least one.
        seed: Seed of all random draws.
        settings: Hyperparameters.
    """
    rng = np.random.default_rng(seed)
    layers = _stacked(start.networks)
    share = np.float32(label_share(corrections.weights))
    optimiser, epoch = _optimisation(settings)
    state = optimiser.init(layers)
    for _ in range(settings.epochs):
        batches = (
            *_drawn(start, rehearsal, settings, rng),
            *_corrected(start, corrections, settings, rng),
        )
        layers, state = epoch(layers, state, batches, share)
    return replace(start, networks=_networks(layers, len(start.networks)))


def _stacked(networks: Sequence[Network]) -> list[tuple[Matrix, Matrix]]:
    """Return weights [networks, inputs, outputs] and biases [networks, 1, outputs] by layer."""
    return [
        (np.stack(weights), np.stack(biases)[:, None, :])
        for weights, biases in zip(
            zip(*(network.weights for network in networks), strict=True),
            zip(*(network.biases for network in networks), strict=True),
            strict=True,
        )
    ]


def _networks(layers: Any, count: int) -> tuple[Network, ...]:
    """Return the networks of stacked layers."""
    trained = [(np.asarray(weights), np.asarray(biases)) for weights, biases in layers]
    return tuple(
        Network(
            tuple(weights[number] for weights, _ in trained),
            tuple(biases[number, 0] for _, biases in trained),
        )
        for number in range(count)
    )


def _drawn(
    start: Ensemble, rehearsal: Rehearsal, settings: Settings, rng: np.random.Generator
) -> tuple[npt.NDArray[Any], ...]:
    """Return the inputs of drawn songs, and what each network of the start says of them.

    They are float32 [steps, songs, inputs] and [steps, networks, songs, genres].
    """
    values = Absence.hide(rehearsal.sample(settings.steps * settings.drawn, rng), rng)
    inputs = start.scaling.inputs(without(values, _ignored(start)))
    known = np.stack([softmax(network.logits(inputs)) for network in start.networks], axis=1)
    return _batches(inputs, settings), _batches(known, settings).swapaxes(1, 2)


def _corrected(
    start: Ensemble, corrections: Corrections, settings: Settings, rng: np.random.Generator
) -> tuple[npt.NDArray[Any], ...]:
    """Return the inputs of corrected songs, [steps, songs, inputs], and their genres."""
    chances = corrections.weights / corrections.weights.sum()
    taken = rng.choice(len(corrections), settings.steps * settings.corrected, p=chances)
    values = without(Absence.hide(corrections.values[taken], rng), _ignored(start))
    inputs = start.scaling.inputs(values)
    return _batches(inputs, settings), _batches(corrections.genres[taken], settings)


def _ignored(ensemble: Ensemble) -> tuple[str, ...]:
    return tuple(name for name in INPUT_NAMES if name not in ensemble.features)


def _batches(values: npt.NDArray[Any], settings: Settings) -> npt.NDArray[Any]:
    return values.reshape(settings.steps, -1, *values.shape[1:])


@lru_cache(maxsize=1)
def _optimisation(settings: Settings) -> tuple[optax.GradientTransformation, Any]:
    """Return the optimiser, and the compiled function that makes the steps of an epoch."""
    steps = settings.steps * settings.epochs
    rate = optax.warmup_cosine_decay_schedule(0.0, settings.rate, max(steps // 10, 1), steps)
    optimiser = optax.adamw(
        rate,
        b2=0.99,
        weight_decay=settings.decay,
        mask=lambda layers: [(True, False) for _ in layers],
    )

    def logits(layers: Any, inputs: Any) -> Any:
        *hidden, last = layers
        for weights, biases in hidden:
            inputs = jax.nn.relu(inputs @ weights + biases)
        return inputs @ last[0] + last[1]

    def loss(layers: Any, batch: Any, share: Any) -> Any:
        drawn, kept, corrected, genres = batch
        known = jax.nn.log_softmax(logits(layers, drawn))
        rehearsed = (kept * known).sum(axis=2).mean(axis=1)
        right = jax.nn.log_softmax(logits(layers, corrected))
        index = jnp.broadcast_to(genres[None, :, None], (len(right), len(genres), 1))
        learnt = jnp.take_along_axis(right, index, axis=2)[:, :, 0].mean(axis=1)
        return -((1 - share) * rehearsed + share * learnt).sum()

    @jax.jit
    def epoch(layers: Any, state: Any, batches: Any, share: Any) -> Any:
        def step(carry: Any, batch: Any) -> Any:
            layers, state = carry
            updates, state = optimiser.update(jax.grad(loss)(layers, batch, share), state, layers)
            return (optax.apply_updates(layers, updates), state), None

        return jax.lax.scan(step, (layers, state), batches)[0]

    return optimiser, epoch


def reweighted(
    start: Ensemble, rehearsal: Rehearsal, corrections: Corrections, seed: int
) -> Corrections:
    """Return corrected songs with less weight for genres that the start already knows.

    The weights of a genre's songs are multiplied by 1 - r / e, at least `LEAST_NEWS`, where r is
    the mean probability that the start gives to the genre on these songs, and e is the one that it
    would have on songs of the genre if it is calibrated: over drawn songs, the sum of p² divided by
    the sum of p. Otherwise many corrections of a rare genre that it knows would only make it more
    frequent.
    """
    drawn = start.raw_probabilities(rehearsal.sample(SONGS_TO_COMPARE, np.random.default_rng(seed)))
    expected = (drawn**2).sum(axis=0) / np.maximum(drawn.sum(axis=0), 1e-9)
    found = start.raw_probabilities(corrections.values)
    weights = corrections.weights.copy()
    for genre in np.unique(corrections.genres):
        own = corrections.genres == genre
        known = found[own, genre].mean() / max(float(expected[genre]), 1e-9)
        weights[own] *= max(1 - known, LEAST_NEWS)
    return replace(corrections, weights=weights)
