"""The model that is shipped: several networks whose probabilities are averaged and calibrated."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from model.schema import NAMES
from training.features import Matrix, without
from training.inputs import Scaling
from training.network import Network, softmax

LEAST: Final = 1e-7
"""Probabilities below it count as it, where a logarithm is taken."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Turns averaged probabilities p into softmax(log(p) / temperature + bias)."""

    temperature: float
    bias: Matrix

    @classmethod
    def none(cls, genres: int) -> "Calibration":
        """Return the calibration that changes nothing."""
        return cls(1.0, np.zeros(genres, np.float32))

    def apply(self, probabilities: Matrix) -> Matrix:
        """Return calibrated probabilities, [rows, genres]."""
        logs = np.log(np.maximum(probabilities, np.float32(LEAST)))
        cooled = np.divide(logs, self.temperature, dtype=np.float32)
        return softmax(cooled + self.bias)


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Networks on the same inputs; `membership` is [shelves, genres], 1 where a shelf belongs.

    Features of the schema that are not in `features` are disregarded.
    """

    features: tuple[str, ...]
    genres: tuple[str, ...]
    scaling: Scaling
    networks: tuple[Network, ...]
    membership: Matrix
    calibration: Calibration

    def raw_probabilities(self, values: Matrix) -> Matrix:
        """Return the average over the networks, [rows, genres], for [rows, features]."""
        never = tuple(name for name in NAMES if name not in self.features)
        inputs = self.scaling.inputs(without(values, never))
        total = np.zeros((len(values), len(self.genres)), np.float32)
        for network in self.networks:
            of_genre = softmax(network.logits(inputs)) @ self.membership
            total += of_genre / of_genre.sum(axis=1, keepdims=True)
        return total / np.float32(len(self.networks))

    def probabilities(self, values: Matrix) -> Matrix:
        """Return calibrated probabilities, [rows, genres], for [rows, features], NaN if absent."""
        return self.calibration.apply(self.raw_probabilities(values))
