"""The two networks: patches, means, and what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import BundleInvalid
from model.sound.errors import ListeningFailed
from model.sound.front_end import BANDS, Floats
from model.sound.networks import MIN_REST, PATCH, Networks, patches
from tests.support.taggers import TAGS, network, networks


def spectrogram(frames: int) -> Floats:
    """Return a spectrogram whose values are the numbers of the frames."""
    return np.repeat(np.arange(frames, dtype=np.float32)[:, None], BANDS, axis=1)


def even(value: float, frames: int = PATCH) -> Floats:
    return np.full((frames, BANDS), value, np.float32)


@pytest.mark.parametrize(
    ("frames", "starts"),
    [
        (PATCH, [0]),
        (PATCH + MIN_REST - 1, [0]),
        (PATCH + MIN_REST, [0, MIN_REST]),
        (2 * PATCH, [0, PATCH]),
        (3 * PATCH + PATCH - 1, [0, PATCH, 2 * PATCH, 3 * PATCH - 1]),
    ],
)
def test_patches_do_not_overlap_but_for_a_long_rest(frames: int, starts: list[int]) -> None:
    found = list(patches(spectrogram(frames)))
    assert [int(patch[0, 0]) for patch in found] == starts
    assert all(patch.shape == (PATCH, BANDS) for patch in found)


@given(st.integers(1, PATCH - 1))
def test_a_short_sound_is_repeated(frames: int) -> None:
    (patch,) = patches(spectrogram(frames))
    assert patch[:, 0].tolist() == [number % frames for number in range(PATCH)]


def test_the_result_is_the_mean_over_the_patches_of_all_excerpts() -> None:
    model = Networks(networks(), TAGS)
    found = model.run([np.concatenate([even(0.0), even(3.0)]), even(-3.0)])
    sigmoid = 1 / (1 + np.exp(-3.0))
    expected = (0.5 + sigmoid + (1 - sigmoid)) / 3
    assert list(found.tags["msd"]) == list(TAGS["msd"])
    assert list(found.tags["mtt"]) == list(TAGS["mtt"])
    assert found.tags["msd"]["rock"] == pytest.approx(expected)
    assert found.embedding[:BANDS] == pytest.approx(0.0, abs=1e-6)
    assert found.embedding.dtype == np.float32


def test_the_embedding_is_that_of_msd() -> None:
    model = Networks(networks(), TAGS)
    assert model.run([even(2.0)]).embedding[0] == pytest.approx(2.0)


@pytest.mark.parametrize(
    "broken",
    [b"", b"no network", network(4), network(3, embedding=100), network(3, bands=64)],
    ids=["empty", "text", "tags", "embedding", "bands"],
)
def test_other_networks_are_refused(broken: bytes) -> None:
    with pytest.raises(BundleInvalid, match="msd"):
        Networks(networks() | {"msd": broken}, TAGS)


def test_values_that_are_not_finite_are_an_error() -> None:
    with pytest.raises(ListeningFailed, match="finite"):
        Networks(networks(), TAGS).run([even(np.nan)])


def test_a_failure_of_onnxruntime_is_an_error() -> None:
    with pytest.raises(ListeningFailed, match="failed"):
        Networks(networks(), TAGS).run([np.zeros((PATCH, BANDS + 1), np.float32)])
