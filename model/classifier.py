"""Classifier: calibrated genre probabilities, a verdict and reasons from feature values."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Final

import numpy as np
import numpy.typing as npt

from model import priors, reasons, runtime, verdicts
from model.bundle import Bundle, Lineage
from model.errors import BundleInvalid, TooFewFeatures
from model.gate_report import GateReport
from model.inputs import read_inputs
from model.percentiles import median
from model.priors import CALIBRATED_PRIOR, DEFAULT_PRIOR, Prior
from model.reasons import Reason
from model.schema import MINIMUM_CORE, NAMES, YEAR, count_core
from model.subgenres import Subgenre, SubgenreModel
from model.verdicts import Verdict

MAX_FLOAT32: Final = float(np.finfo(np.float32).max)

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Prediction:
    """A classified song.

    Attributes:
        genres: Probability of each genre, in descending order; they sum to 1.
        verdict: Confidence of the prediction.
        missing: Audio features of the model that were not given.
        year_counted: Whether the year of first release was given, and the model takes it.
        prior: Name of the prior; None if the model is served as is.
    """

    genres: Mapping[str, float]
    verdict: Verdict
    missing: tuple[str, ...]
    year_counted: bool = False
    prior: str | None = None

    @property
    def best(self) -> str:
        """The most probable genre."""
        return next(iter(self.genres))

    @property
    def named(self) -> tuple[str, ...]:
        """The genres that the verdict is about, most probable first."""
        return tuple(self.genres)[: self.verdict.genres_named]


class Classifier:
    """Classifies songs with the models of one bundle, under one prior.

    Args:
        bundle: The bundle.
        prior: Name of a prior of the bundle; a bundle without priors is served as is under any of
            `priors.KNOWN`.

    Raises:
        BundleInvalid: An onnxruntime session cannot be created.
        UnknownPrior: The bundle has no such prior, or no bundle has.
    """

    def __init__(self, bundle: Bundle, prior: str = DEFAULT_PRIOR) -> None:
        self.metadata = bundle.metadata
        self.prior = priors.select(self.metadata.priors, prior)
        self._factors = None if self.prior is None else self._factors_of(self.prior)
        self._report = bundle.report
        self._subgenres = SubgenreModel(bundle.subgenres or b"", self.metadata.subgenres)
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

    @property
    def lineage(self) -> Lineage | None:
        """Where the bundle comes from; None for one that was fitted on tables alone."""
        return self.metadata.lineage

    @cached_property
    def report(self) -> GateReport | None:
        """What the gate found on the bundle; None if it was not judged.

        Raises BundleInvalid if the report cannot be read.
        """
        if self._report is None:
            return None
        return GateReport.from_json(self._report.decode(errors="replace"))

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the inputs that the model takes."""
        return tuple(self.metadata.features)

    def probabilities(self, rows: Matrix) -> Matrix:
        """Classify songs under the prior, without checking how many core features they have.

        Args:
            rows: float32 [songs, features] in the order of the metadata, NaN for missing values.

        Returns:
            float32 [songs, genres]; each row sums to 1.
        """
        (raw,) = self._session.run(["probabilities"], {"features": rows})
        output: Matrix = raw
        if output.shape != (len(rows), len(self.metadata.genres)):
            raise BundleInvalid(f"model {self.name} returned shape {output.shape}")
        if self._factors is not None:
            output *= self._factors
        output /= output.sum(axis=1, keepdims=True)
        return output

    def predict(self, values: Mapping[str, float]) -> Prediction:
        """Classify one song.

        Args:
            values: Values by name, with the year if it is known; see `model.inputs`. The model
                ignores those that it does not take.

        Raises:
            BadValue: A feature is outside its range.
            TooFewFeatures: With fewer than `MINIMUM_CORE` core features.
        """
        values = read_inputs(values)
        given = count_core(values)
        if given < MINIMUM_CORE:
            raise TooFewFeatures(given, MINIMUM_CORE)
        output: list[float] = self.probabilities(self._rows([values]))[0].tolist()
        total = sum(output)
        pairs = sorted(zip(self.metadata.genres, output, strict=True), key=lambda one: -one[1])
        genres = {genre: probability / total for genre, probability in pairs}
        features = self.metadata.features
        return Prediction(
            genres,
            self.verdict(genres),
            missing=tuple(name for name in features if name in NAMES and name not in values),
            year_counted=YEAR.name in features and YEAR.name in values,
            prior=self.prior.name if self.prior else None,
        )

    def best_genres(
        self, values: Mapping[str, float], grids: Mapping[str, Sequence[float]]
    ) -> Mapping[str, Sequence[str]]:
        """Return the most probable genres of songs that differ from one in one feature each.

        All songs are classified in one batch.

        Args:
            values: Values of the song by name, as `predict` takes them.
            grids: For features of the model, the values to try, within the feature's range.

        Returns:
            For each feature in `grids`, the genre with each of its values, the others unchanged.

        Raises BadValue as `predict` does.
        """
        (song,) = self._rows([read_inputs(values)])
        rows = np.tile(song, (sum(map(len, grids.values())), 1))
        start = 0
        for name, grid in grids.items():
            column = self.metadata.features.index(name)
            rows[start : start + len(grid), column] = grid
            start += len(grid)
        best = iter(self.probabilities(rows).argmax(axis=1).tolist())
        return {
            name: [self.metadata.genres[index] for index in islice(best, len(grid))]
            for name, grid in grids.items()
        }

    def verdict(self, genres: Mapping[str, float]) -> Verdict:
        """Return the verdict on a prediction with these probabilities, in descending order."""
        return verdicts.decide(tuple(genres.values()), self.metadata.verdicts)

    def explain(self, values: Mapping[str, float], prediction: Prediction) -> tuple[Reason, ...]:
        """Return why `prediction` has its best genre first, strongest first; see `model.reasons`.

        Args:
            values: Values by name, as `predict` takes them.
            prediction: Of this model, or one that it is part of.

        Raises BadValue as `predict` does.
        """
        values = read_inputs(values)
        known = [name for name in self.metadata.features if name in values]
        typical = {name: median(name) for name in known if name in NAMES}
        if YEAR.name in known and YEAR.name in self.metadata.typical_song:
            typical[YEAR.name] = self.metadata.typical_song[YEAR.name]
        compared = list(prediction.genres)[: reasons.COMPARED]
        return reasons.explain(
            lambda songs: self.probabilities(self._rows(songs)),
            values,
            typical,
            [self.metadata.genres.index(genre) for genre in compared],
        )

    def subgenre(self, values: Mapping[str, float], genre: str) -> Subgenre | None:
        """Return the sub-genre of `genre` that the song probably is of.

        None if the bundle has no model of sub-genres, or it is not sure enough. Raises BadValue as
        `predict` does, and BundleInvalid if the model cannot be run.
        """
        return self._subgenres.best(self._rows([read_inputs(values)]), genre)

    def typical(self, genre: str) -> Mapping[str, float]:
        """Return the median of each feature over the training songs of `genre`."""
        return self.metadata.typical_genres[genre]

    def _rows(self, songs: Sequence[Mapping[str, float]]) -> Matrix:
        names = self.metadata.features
        return as_input(np.array([[song.get(name, math.nan) for name in names] for song in songs]))

    def _factors_of(self, prior: Prior) -> Matrix:
        calibrated = priors.find(self.metadata.priors, CALIBRATED_PRIOR)
        factors = prior.factors(calibrated, self.metadata.prior_temper, self.metadata.genres)
        return np.array(factors, dtype=np.float32)


def as_input(values: npt.NDArray[np.float64]) -> Matrix:
    """Return `values` as float32, clipped to its range."""
    return np.clip(values, -MAX_FLOAT32, MAX_FLOAT32).astype(np.float32)
