"""A model before the gate: the active one or a candidate, loaded as it is served."""

from collections.abc import Mapping

import numpy as np

from model import runtime
from model.bundle import Bundle
from model.classifier import Classifier, Prediction
from model.errors import BundleInvalid
from model.schema import INPUT_NAMES
from training.features import Matrix


class Contender:
    """A bundle that answers for songs in schema order, under the default prior.

    Args:
        bundle: The bundle.

    Raises:
        BundleInvalid: The model cannot be loaded.
        UnknownPrior: The bundle has priors, but not the default one.
    """

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._classifier = Classifier(bundle)
        self._columns = [INPUT_NAMES.index(name) for name in self.features]

    @property
    def version(self) -> str:
        """The bundle's version."""
        return self._bundle.metadata.version

    @property
    def genres(self) -> tuple[str, ...]:
        """Genres in the order of the columns of `probabilities`."""
        return tuple(self._bundle.metadata.genres)

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the inputs that the model takes."""
        return tuple(self._bundle.metadata.features)

    @property
    def size(self) -> int:
        """Size of the served networks in bytes."""
        return len(self._bundle.onnx) + len(self._bundle.subgenres or b"")

    def probabilities(self, values: Matrix) -> Matrix:
        """Classify songs as they are served.

        Args:
            values: float32 [songs, inputs] in schema order, NaN for missing values.

        Returns:
            float32 [songs, genres]; each row sums to 1.

        Raises:
            BundleInvalid: The model cannot be run.
        """
        try:
            return self._classifier.probabilities(self._own(values))
        except Exception as error:  # onnxruntime's own errors share no base class
            raise self._cannot_run(error) from error

    def raw(self, values: Matrix) -> Matrix:
        """Return the network's output without prior and normalisation; else as `probabilities`."""
        try:
            session = runtime.session(self._bundle.onnx)
            output: Matrix = session.run(["probabilities"], {"features": self._own(values)})[0]
        except Exception as error:  # as above
            raise self._cannot_run(error) from error
        return output

    def predict(self, values: Mapping[str, float]) -> Prediction:
        """Classify one song by its values by name; raises as `Classifier.predict` does."""
        return self._classifier.predict(values)

    def _cannot_run(self, error: Exception) -> BundleInvalid:
        reason = " ".join(str(error).split()).rstrip(".")
        return BundleInvalid(f"model {self.version} cannot be run: {reason}")

    def _own(self, values: Matrix) -> Matrix:
        return np.ascontiguousarray(values[:, self._columns], dtype=np.float32)
