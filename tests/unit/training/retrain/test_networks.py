"""Ensembles read back from the models of bundles."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.bundle import Bundle
from model.genres import WIDE
from model.schema import CORE, INPUT_NAMES
from model.store import BundleStore
from tests.support.factories import metadata, onnx_model
from training.ensemble import Calibration, Ensemble
from training.errors import CannotRetrain
from training.export import to_onnx
from training.inputs import PITCHES, Scaling
from training.network import Network
from training.retrain import networks

SCALED = len(Scaling.of(np.zeros((1, len(INPUT_NAMES)), np.float32)).mean)
WIDTH = SCALED + PITCHES + len(INPUT_NAMES)


def random_ensemble(
    seed: int,
    hidden: tuple[int, ...] = (4,),
    count: int = 2,
    features: tuple[str, ...] = INPUT_NAMES,
    genres: int = 3,
) -> Ensemble:
    """Return an ensemble with random parameters."""
    rng = np.random.default_rng(seed)

    def numbers(*shape: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        return rng.standard_normal(shape).astype(np.float32)

    widths = list(pairwise((WIDTH, *hidden, genres)))
    made = tuple(
        Network(
            tuple(numbers(*pair) for pair in widths), tuple(numbers(after) for _, after in widths)
        )
        for _ in range(count)
    )
    scaling = Scaling(numbers(SCALED), np.abs(numbers(SCALED)) + np.float32(0.1))
    return Ensemble(features, WIDE[:genres], scaling, made, Calibration(1.3, numbers(genres)))


def bundle_of(ensemble: Ensemble) -> Bundle:
    described = metadata(features=ensemble.features, genres=ensemble.outputs)
    return Bundle(described, to_onnx(ensemble))


@pytest.mark.parametrize("name", ["wide", "study"])
def test_networks_of_shipped_bundles_give_the_same_file(name: str) -> None:
    bundle = BundleStore().load(name)
    assert to_onnx(networks.read(bundle)) == bundle.onnx


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 1000),
    hidden=st.lists(st.integers(1, 6), min_size=0, max_size=3).map(tuple),
    count=st.integers(1, 3),
    features=st.sampled_from([INPUT_NAMES, CORE, INPUT_NAMES[::-1]]),
    genres=st.integers(2, len(WIDE)),
)
def test_any_ensemble_is_read_back(
    seed: int, hidden: tuple[int, ...], count: int, features: tuple[str, ...], genres: int
) -> None:
    ensemble = random_ensemble(seed, hidden, count, features, genres)
    found = networks.read(bundle_of(ensemble))
    assert to_onnx(found) == to_onnx(ensemble)
    values = np.random.default_rng(seed).random((3, len(INPUT_NAMES)), dtype=np.float32)
    assert np.array_equal(found.probabilities(values), ensemble.probabilities(values))


def test_another_model_is_refused() -> None:
    with pytest.raises(CannotRetrain, match="tiny 1"):
        networks.read(Bundle(metadata(), onnx_model()))


def test_bytes_that_are_no_model_are_refused() -> None:
    with pytest.raises(CannotRetrain, match="cannot be read"):
        networks.read(Bundle(metadata(), b"no model"))


def test_another_computation_with_the_same_parameters_is_refused() -> None:
    bundle = bundle_of(random_ensemble(1))
    model = onnx.load_model_from_string(bundle.onnx)
    next(node for node in model.graph.node if node.op_type == "Relu").op_type = "Tanh"
    changed = replace(bundle, onnx=model.SerializeToString())
    with pytest.raises(CannotRetrain, match="no ensemble of this program"):
        networks.read(changed)


def test_parameters_in_other_files_are_not_read() -> None:
    bundle = bundle_of(random_ensemble(1))
    model = onnx.load_model_from_string(bundle.onnx)
    tensor = model.graph.initializer[-1]
    tensor.data_location = onnx.TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="secret.bin")
    with pytest.raises(CannotRetrain, match="refers to other files"):
        networks.read(replace(bundle, onnx=model.SerializeToString()))
