"""Feature values in; calibrated genre probabilities, a verdict and reasons out."""

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

MOST_REASONS: Final = 3
LARGEST: Final = float(np.finfo(np.float32).max)

Matrix = npt.NDArray[np.float32]


class Verdict(StrEnum):
    """How much a prediction is worth."""

    CLEAR = "clear"
    CLOSE = "close"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Reason:
    """One feature that speaks for the predicted genre.

    `value` is the song's, `typical` that of the median training song, both in the feature's unit;
    `weight` is what the feature adds to the log-odds of the genre.
    """

    feature: str
    value: float
    typical: float
    weight: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the model says: `genres` maps each genre to its probability, in falling order; sum 1."""

    genres: Mapping[str, float]
    verdict: Verdict
    missing: tuple[str, ...]

    @property
    def best(self) -> str:
        """The most probable genre."""
        return next(iter(self.genres))


class Classifier:
    """One bundle, ready to serve on the calling thread."""

    def __init__(self, bundle: Bundle) -> None:
        """Start an onnxruntime session; raises BundleInvalid when the model cannot be one."""
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
        """Classify `rows`, [n, features] with NaN for missing; returns [n, genres], rows sum to 1.

        Rows with too few core features are classified all the same: the caller decides.
        """
        (raw,) = self._session.run(["probabilities"], {"features": rows})
        output: Matrix = raw
        if output.shape != (len(rows), len(self.metadata.genres)):
            raise BundleInvalid(f"model {self.name} answers in shape {output.shape}")
        normalised: Matrix = output / output.sum(axis=1, keepdims=True)
        return normalised

    def predict(self, values: Mapping[str, float]) -> Prediction:
        """Classify one song by its valid feature values (see `schema.read_all`).

        Raises TooFewFeatures when fewer than `MINIMUM_CORE` of the core features are given.
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
        """Return the two or three features that speak most for `genre`, strongest first.

        A feature's weight is the change in the log-odds of `genre` when the song's value takes the
        typical song's place, averaged over both ways of asking: put into the typical song, and
        taken out of this one (a Shapley value cut to its first and last term).
        """
        typical = self.metadata.typical_song
        names = [name for name in self.metadata.features if name in values and name in typical]
        plain = {name: typical[name] for name in names}
        songs = [dict(values), plain]
        songs += [{**values, name: typical[name]} for name in names]
        songs += [{**plain, name: values[name]} for name in names]
        column = self.metadata.genres.index(genre)
        odds = _log_odds(self.probabilities(self._rows(songs))[:, column])
        taken_out = odds[0] - odds[2 : 2 + len(names)]
        put_in = odds[2 + len(names) :] - odds[1]
        weights = (taken_out + put_in) / 2
        order = np.argsort(-weights, kind="stable")[:MOST_REASONS]
        reasons = [
            Reason(names[i], values[names[i]], typical[names[i]], float(weights[i])) for i in order
        ]
        return tuple(r for rank, r in enumerate(reasons) if r.weight > 0 or rank < MOST_REASONS - 1)

    def typical(self, genre: str) -> Mapping[str, float]:
        """Return the median of each feature over the training songs of `genre`."""
        return self.metadata.typical_genres[genre]

    def _rows(self, songs: list[Mapping[str, float]] | list[dict[str, float]]) -> Matrix:
        names = self.metadata.features
        return as_input(np.array([[song.get(name, math.nan) for name in names] for song in songs]))

    def _verdict(self, falling: npt.NDArray[np.float64]) -> Verdict:
        if falling[0] < self.metadata.unsure_below:
            return Verdict.UNSURE
        if falling[0] - falling[1] < self.metadata.close_margin:
            return Verdict.CLOSE
        return Verdict.CLEAR


def as_input(values: npt.NDArray[np.float64]) -> Matrix:
    """Return `values` as a model's input; what float32 cannot hold becomes the most it can."""
    return np.clip(values, -LARGEST, LARGEST).astype(np.float32)


def _log_odds(probabilities: Matrix) -> npt.NDArray[np.float64]:
    clipped = np.clip(probabilities.astype(np.float64), 1e-6, 1 - 1e-6)
    odds: npt.NDArray[np.float64] = np.log(clipped / (1 - clipped))
    return odds
