"""Sub-genres: the optional second model of a bundle, `subgenres.onnx`.

Its input `features` is that of the first model; its output `probabilities` is float32
[rows, sub-genres] in the order of `Metadata.subgenres`: the probability of each sub-genre given its
parent genre. Those of one parent sum to at most 1, as a song may be of none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from model import runtime
from model.errors import BundleInvalid

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SubgenreColumn:
    """An output of the model.

    Attributes:
        name: Name of the sub-genre.
        parent: The genre that it belongs to.
        threshold: Smallest probability at which the sub-genre is named.
        accuracy: Share of the held-out songs named so that are; None if not measured.
        songs: Number of those songs; None if not measured.
    """

    name: str
    parent: str
    threshold: float
    accuracy: float | None = None
    songs: int | None = None


@dataclass(frozen=True, slots=True)
class Subgenre:
    """A sub-genre that a song probably is of; the probability is that given its parent genre."""

    name: str
    parent: str
    probability: float


class SubgenreModel:
    """Finds the sub-genre of a song. The onnxruntime session is created by the first call."""

    def __init__(self, onnx: bytes, columns: Sequence[SubgenreColumn]) -> None:
        self._onnx = onnx
        self._columns = columns

    def best(self, row: Matrix, parent: str) -> Subgenre | None:
        """Return the most probable sub-genre of `parent`; None if it is below its threshold.

        Args:
            row: Features of one song, [1, features].
            parent: A genre.

        Raises:
            BundleInvalid: The model cannot be run.
        """
        own = [index for index, column in enumerate(self._columns) if column.parent == parent]
        if not own:
            return None
        chances = self._probabilities(row)[0]
        index = max(own, key=lambda one: chances[one])
        column, probability = self._columns[index], float(chances[index])
        if probability < column.threshold:
            return None
        return Subgenre(column.name, parent, probability)

    def _probabilities(self, rows: Matrix) -> Matrix:
        try:
            (output,) = self._session.run(["probabilities"], {"features": rows})
        except Exception as error:  # onnxruntime's own errors share no base class
            raise BundleInvalid(f"the model of sub-genres cannot be served: {error}") from error
        matrix: Matrix = output
        if matrix.shape != (len(rows), len(self._columns)):
            raise BundleInvalid(f"the model of sub-genres returned shape {matrix.shape}")
        return matrix

    @cached_property
    def _session(self) -> Any:
        return runtime.session(self._onnx)


def read(content: Iterable[Mapping[str, Any]], genres: Sequence[str]) -> tuple[SubgenreColumn, ...]:
    """Read the columns in a bundle's metadata; raise TypeError or ValueError if invalid."""
    columns = tuple(SubgenreColumn(**fields) for fields in content)
    for column in columns:
        if not column.name:
            raise ValueError("a sub-genre must have a name")
        if column.parent not in genres:
            raise ValueError(f"the parent of {column.name} must be a genre of the model")
        if not 0 <= column.threshold <= 1:
            raise ValueError(f"the threshold of {column.name} must be in 0-1")
    return columns
