"""The shipped model: networks whose probabilities are averaged and calibrated."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from model.schema import INPUT_NAMES
from training.features import Matrix, without
from training.inputs import Scaling
from training.network import Network, softmax

EPSILON: Final = 1e-7
"""Lower bound of probabilities before a logarithm is taken."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Maps averaged probabilities p to softmax(log(p) / temperature + bias).

    `temperature` is above 0; `bias` is float32 [genres].
    """

    temperature: float
    bias: Matrix

    @classmethod
    def none(cls, genres: int) -> "Calibration":
        """Return the identity for a number of genres."""
        return cls(1.0, np.zeros(genres, np.float32))

    def apply(self, probabilities: Matrix) -> Matrix:
        """Return calibrated probabilities, [rows, genres]."""
        logs = np.log(np.maximum(probabilities, np.float32(EPSILON)))
        scaled = np.divide(logs, self.temperature, dtype=np.float32)
        return softmax(scaled + self.bias)


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Networks that classify the same inputs, whose averaged probabilities are calibrated.

    Inputs of the schema that are not in `features` are ignored. The networks have one output for
    each of `outputs`: genres, or sub-genres of one genre.
    """

    features: tuple[str, ...]
    outputs: tuple[str, ...]
    scaling: Scaling
    networks: tuple[Network, ...]
    calibration: Calibration

    def raw_probabilities(self, values: Matrix) -> Matrix:
        """Return the average over the networks before calibration, [rows, outputs].

        `values` are [rows, inputs] in schema order, NaN if missing.
        """
        ignored = tuple(name for name in INPUT_NAMES if name not in self.features)
        inputs = self.scaling.inputs(without(values, ignored))
        total = np.zeros((len(values), len(self.outputs)), np.float32)
        for network in self.networks:
            total += softmax(network.logits(inputs))
        return total / np.float32(len(self.networks))

    def probabilities(self, values: Matrix) -> Matrix:
        """Return calibrated probabilities, [rows, outputs], for `values` as above."""
        return self.calibration.apply(self.raw_probabilities(values))
