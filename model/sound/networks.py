"""The two networks of the tagger, on patches of log-mel spectrograms.

They are "musicnn" networks: Pons and Serra, "musicnn: pre-trained convolutional neural networks for
music audio tagging", 2019. Each listens to 3 seconds at a time; what it says of a sound is the mean
over its patches.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from model import runtime
from model.errors import BundleInvalid
from model.sound.errors import ListeningFailed
from model.sound.front_end import BANDS, Floats

PATCH: Final = 187
"""Frames of a patch: 3 seconds."""

MIN_REST: Final = PATCH // 2 + 1
"""Frames that the rest after the last whole patch must have to be listened to."""

INPUT: Final = "patches"
"""Name of the input, float32 [patches, PATCH, BANDS]."""

TAGS: Final = "tags"
"""Name of the output float32 [patches, tags], probabilities in 0-1."""

EMBEDDING: Final = "embedding"
"""Name of the output float32 [patches, EMBEDDING_SIZE]."""

EMBEDDING_SIZE: Final = 200

EMBEDDED_BY: Final = "msd"
"""The network whose embedding is used."""


@dataclass(frozen=True, slots=True)
class Tagged:
    """What the networks say of a sound.

    Attributes:
        tags: Network to its tags with their probabilities, each 0-1 by itself.
        embedding: float32 [EMBEDDING_SIZE].
    """

    tags: Mapping[str, Mapping[str, float]]
    embedding: Floats


class Networks:
    """Runs the networks.

    Args:
        networks: Name of each network to its ONNX model; EMBEDDED_BY among them.
        tags: Name of each network to its tags, in the order of its output.

    Raises:
        BundleInvalid: A network cannot be loaded, or has other inputs or outputs.
    """

    def __init__(self, networks: Mapping[str, bytes], tags: Mapping[str, Sequence[str]]) -> None:
        self._tags = tags
        self._sessions = {name: _session(name, networks[name], len(tags[name])) for name in tags}

    def run(self, spectrograms: Sequence[Floats]) -> Tagged:
        """Return the mean over all patches of a sound.

        Patches are run one by one, which is as fast as together and needs far less memory.

        Args:
            spectrograms: Log-mel spectrogram of each of its excerpts, float32 [frames, BANDS].

        Raises:
            ListeningFailed: onnxruntime failed, or a result is not finite.
        """
        sums: dict[tuple[str, str], Any] = {}
        count = 0
        for patch in (one for spectrogram in spectrograms for one in patches(spectrogram)):
            count += 1
            for name, session in self._sessions.items():
                outputs = [TAGS, EMBEDDING] if name == EMBEDDED_BY else [TAGS]
                found = _run(session, outputs, patch)
                for output, values in zip(outputs, found, strict=True):
                    sums[name, output] = sums.get((name, output), 0.0) + values[0]
        means = {key: (total / count).astype(np.float32) for key, total in sums.items()}
        if not all(np.isfinite(mean).all() for mean in means.values()):
            raise ListeningFailed("the networks returned values that are not finite")
        return Tagged(
            tags={
                name: dict(zip(own, means[name, TAGS].tolist(), strict=True))
                for name, own in self._tags.items()
            },
            embedding=means[EMBEDDED_BY, EMBEDDING],
        )


def patches(spectrogram: Floats) -> Iterator[Floats]:
    """Yield the patches of a spectrogram, float32 [PATCH, BANDS], without overlap.

    If at least MIN_REST frames are left, the last PATCH frames are one more patch. A spectrogram
    that is shorter than a patch is repeated to fill one.
    """
    frames = len(spectrogram)
    if frames < PATCH:
        yield np.resize(spectrogram, (PATCH, BANDS))
        return
    for start in range(0, frames - PATCH + 1, PATCH):
        yield spectrogram[start : start + PATCH]
    if frames % PATCH >= MIN_REST:
        yield spectrogram[-PATCH:]


def _session(name: str, network: bytes, tags: int) -> Any:
    try:
        session = runtime.session(network, shared_arena=True)
    except Exception as error:  # onnxruntime's own errors share no base class
        raise BundleInvalid(f"network {name} cannot be loaded: {error}") from error
    found = {
        one.name: tuple(one.shape[1:]) for one in (*session.get_inputs(), *session.get_outputs())
    }
    expected = {INPUT: (PATCH, BANDS), TAGS: (tags,), EMBEDDING: (EMBEDDING_SIZE,)}
    if found != expected:
        raise BundleInvalid(f"network {name} has inputs and outputs {found}, not {expected}")
    return session


def _run(session: Any, outputs: Sequence[str], patch: Floats) -> list[Any]:
    try:
        found: list[Any] = session.run(outputs, {INPUT: patch[np.newaxis]})
    except Exception as error:  # onnxruntime's own errors share no base class
        raise ListeningFailed(f"the networks failed: {error}") from error
    return found
