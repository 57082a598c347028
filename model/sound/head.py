"""The optional head of the tagger: a logistic regression from tags and embedding to genres."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from model.errors import BundleInvalid
from model.sound.front_end import Floats
from model.sound.networks import EMBEDDING, EMBEDDING_SIZE, Tagged

ARRAYS: Final = ("weights", "bias", "mean", "scale")


@dataclass(frozen=True, slots=True)
class Head:
    """A calibrated logistic regression.

    Attributes:
        inputs: What its inputs are, one after another: `embedding`, or the name of a network for
            its tags in the order of the metadata.
        genres: Its genres.
        weights: float32 [inputs, genres]. The temperature of the calibration is in them.
        bias: float32 [genres].
        mean: float32 [inputs], subtracted from the inputs.
        scale: float32 [inputs], above 0, by which they are then divided.
    """

    inputs: Sequence[str]
    genres: Sequence[str]
    weights: Floats
    bias: Floats
    mean: Floats
    scale: Floats

    @classmethod
    def from_bytes(
        cls,
        content: bytes,
        inputs: Sequence[str],
        genres: Sequence[str],
        tags: Mapping[str, Sequence[str]],
    ) -> Self:
        """Read the arrays in the form that `to_bytes` returns, of a bundle with these tags.

        Raises:
            BundleInvalid: It cannot be read, or an array has another shape.
        """
        sizes = {EMBEDDING: EMBEDDING_SIZE} | {name: len(own) for name, own in tags.items()}
        try:
            size = sum(sizes[name] for name in inputs)
            with np.load(io.BytesIO(content), allow_pickle=False) as stored:
                arrays = {name: stored[name].astype(np.float32) for name in ARRAYS}
        except Exception as error:  # numpy raises errors of zipfile, zlib and its own
            raise BundleInvalid(f"the head cannot be read: {error!r}") from error
        shapes = {"weights": (size, len(genres)), "bias": (len(genres),)}
        shapes |= {"mean": (size,), "scale": (size,)}
        if {name: array.shape for name, array in arrays.items()} != shapes:
            raise BundleInvalid(f"the arrays of the head do not have the shapes {shapes}")
        if not all(np.isfinite(array).all() for array in arrays.values()):
            raise BundleInvalid("the head has values that are not finite")
        if not (arrays["scale"] > 0).all():
            raise BundleInvalid("the scales of the head must be above 0")
        return cls(inputs, genres, **arrays)

    def to_bytes(self) -> bytes:
        """Return the arrays as a file of numpy (npz)."""
        content = io.BytesIO()
        np.savez(content, weights=self.weights, bias=self.bias, mean=self.mean, scale=self.scale)
        return content.getvalue()

    def probabilities(self, tagged: Tagged) -> dict[str, float]:
        """Return the probability of each genre, in descending order; they sum to 1."""
        values = np.concatenate([_values(tagged, name) for name in self.inputs])
        (row,) = self.of_inputs(values[np.newaxis]).tolist()
        found = dict(zip(self.genres, row, strict=True))
        return dict(sorted(found.items(), key=lambda item: -item[1]))

    def of_inputs(self, values: Floats) -> npt.NDArray[np.float64]:
        """Return probabilities [sounds, genres] for inputs float32 [sounds, inputs]."""
        logits = ((values - self.mean) / self.scale) @ self.weights + self.bias
        powers = np.exp(logits.astype(np.float64) - logits.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _values(tagged: Tagged, name: str) -> Floats:
    if name == EMBEDDING:
        return tagged.embedding
    return np.array(list(tagged.tags[name].values()), np.float32)
