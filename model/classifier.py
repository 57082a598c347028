"""Classifier: calibrated genre probabilities, a verdict and reasons from feature values."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from model import runtime
from model.bundle import Bundle
from model.errors import BundleInvalid, TooFewFeatures
from model.schema import MINIMUM_CORE, count_core

MAX_REASONS: Final = 3
MAX_FLOAT32: Final = float(np.finfo(np.float32).max)

Matrix = npt.NDArray[np.float32]


class Verdict(StrEnum):
    """Confidence of a prediction, by the thresholds in the bundle's metadata."""

    CLEAR = "clear"
    CLOSE = "close"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Reason:
    """Contribution of one feature to a genre's log-odds.

    Attributes:
        feature: Name of the feature.
        value: The song's value, in the feature's unit.
        typical: The median over the training songs, in the feature's unit.
        weight: Change in the log-odds of the genre that the feature contributes.
    """

    feature: str
    value: float
    typical: float
    weight: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """A classified song.

    Attributes:
        genres: Probability of each genre, in descending order; they sum to 1.
        verdict: Confidence of the prediction.
        missing: Features of the model that were not given.
    """

    genres: Mapping[str, float]
    verdict: Verdict
    missing: tuple[str, ...]

    @property
    def best(self) -> str:
        """The most probable genre."""
        return next(iter(self.genres))


class Classifier:
    """Classifies songs with the model of one bundle."""

    def __init__(self, bundle: Bundle) -> None:
        """Create an onnxruntime session; raises BundleInvalid when that fails."""
        self.metadata = bundle.metadata
        try:
            self._session = runtime.session(bundle.onnx)
            self.probabilities(np.full((1, len(self.metadata.features)), 0.5, dtype=np.float32))
        except Exception as error:  # onnxruntime's own errors share no base class
            raise BundleInvalid(f"model {self.name} cannot be served: {error}") from error

    @property
    def name(self) -> str:
        """The bundle's name."""
        return self.metadata.name

    @property
    def version(self) -> str:
        """The bundle's version."""
        return self.metadata.version

    def probabilities(self, rows: Matrix) -> Matrix:
        """Classify songs, without checking how many core features they have.

        Args:
            rows: float32 [songs, features] in the order of the metadata, NaN for missing values.

        Returns:
            float32 [songs, genres]; each row sums to 1.
        """
        (raw,) = self._session.run(["probabilities"], {"features": rows})
        output: Matrix = raw
        if output.shape != (len(rows), len(self.metadata.genres)):
            raise BundleInvalid(f"model {self.name} returned shape {output.shape}")
        normalised: Matrix = output / output.sum(axis=1, keepdims=True)
        return normalised

    def predict(self, values: Mapping[str, float]) -> Prediction:
        """Classify one song.

        Args:
            values: Valid feature values by name (see `schema.read_all`).

        Raises:
            TooFewFeatures: With fewer than `MINIMUM_CORE` core features.
        """
        given = count_core(values)
        if given < MINIMUM_CORE:
            raise TooFewFeatures(given, MINIMUM_CORE)
        output = self.probabilities(self._rows([values]))[0].astype(np.float64)
        output /= output.sum()
        order = np.argsort(-output, kind="stable")
        genres = {self.metadata.genres[index]: float(output[index]) for index in order}
        missing = tuple(name for name in self.metadata.features if name not in values)
        return Prediction(genres, self._verdict(output[order]), missing)

    def explain(self, values: Mapping[str, float], genre: str) -> tuple[Reason, ...]:
        """Return the two or three features that contribute most to `genre`, largest first.

        A feature's weight is the change in the log-odds of `genre` caused by its value, averaged
        over two cases: the value inserted into the typical song, and replaced by the typical value
        in this song. This is the Shapley value restricted to the first and last position.
        """
        typical = self.metadata.typical_song
        names = [name for name in self.metadata.features if name in values and name in typical]
        reference = {name: typical[name] for name in names}
        songs = [dict(values), reference]
        songs += [{**values, name: typical[name]} for name in names]
        songs += [{**reference, name: values[name]} for name in names]
        column = self.metadata.genres.index(genre)
        odds = _log_odds(self.probabilities(self._rows(songs))[:, column])
        removed = odds[0] - odds[2 : 2 + len(names)]
        inserted = odds[2 + len(names) :] - odds[1]
        weights = (removed + inserted) / 2
        order = np.argsort(-weights, kind="stable")[:MAX_REASONS]
        reasons = [
            Reason(names[i], values[names[i]], typical[names[i]], float(weights[i])) for i in order
        ]
        return tuple(r for rank, r in enumerate(reasons) if r.weight > 0 or rank < MAX_REASONS - 1)

    def typical(self, genre: str) -> Mapping[str, float]:
        """Return the median of each feature over the training songs of `genre`."""
        return self.metadata.typical_genres[genre]

    def _rows(self, songs: list[Mapping[str, float]] | list[dict[str, float]]) -> Matrix:
        names = self.metadata.features
        return as_input(np.array([[song.get(name, math.nan) for name in names] for song in songs]))

    def _verdict(self, descending: npt.NDArray[np.float64]) -> Verdict:
        if descending[0] < self.metadata.unsure_below:
            return Verdict.UNSURE
        if descending[0] - descending[1] < self.metadata.close_margin:
            return Verdict.CLOSE
        return Verdict.CLEAR


def as_input(values: npt.NDArray[np.float64]) -> Matrix:
    """Return `values` as float32, clipped to its range."""
    return np.clip(values, -MAX_FLOAT32, MAX_FLOAT32).astype(np.float32)


def _log_odds(probabilities: Matrix) -> npt.NDArray[np.float64]:
    clipped = np.clip(probabilities.astype(np.float64), 1e-6, 1 - 1e-6)
    odds: npt.NDArray[np.float64] = np.log(clipped / (1 - clipped))
    return odds
