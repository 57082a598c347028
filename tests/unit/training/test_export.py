from dataclasses import replace
from itertools import pairwise

import numpy as np
import onnxruntime as ort
import pandas as pd
import pytest

from model.schema import CORE, EXTRA, NAMES
from training.ensemble import Calibration, Ensemble
from training.export import to_onnx
from training.features import Absence, Matrix, matrix, without
from training.inputs import Scaling
from training.network import Network

GENRES = ("rock", "hip-hop", "electronic")


def run(onnx: bytes, features: Matrix) -> Matrix:
    session = ort.InferenceSession(onnx, providers=["CPUExecutionProvider"])
    (output,) = session.run(["probabilities"], {"features": features})
    probabilities: Matrix = output
    return probabilities


@pytest.fixture
def values(made_up_rows: pd.DataFrame) -> Matrix:
    """Rows under all kinds of absence, the last ones with values far outside the usual."""
    known = matrix(made_up_rows)
    values = Absence(known).sample(known, np.random.default_rng(0))
    values[-1, NAMES.index("loudness")] = -1e30
    values[-2, NAMES.index("duration_ms")] = 0
    values[-3, NAMES.index("tempo")] = 1e30
    return values


@pytest.fixture
def committee(values: Matrix) -> Ensemble:
    rng = np.random.default_rng(1)
    scaling = Scaling.of(values[:-3])
    widths = (scaling.inputs(values[:1]).shape[1], 8, 5, 4)

    def network() -> Network:
        pairs = list(pairwise(widths))
        return Network(
            tuple(rng.standard_normal(pair).astype(np.float32) for pair in pairs),
            tuple(rng.standard_normal(pair[1]).astype(np.float32) for pair in pairs),
        )

    membership = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]], np.float32)
    calibration = Calibration(1.2, np.array([0.1, -0.3, 0.2], np.float32))
    return Ensemble(NAMES, GENRES, scaling, (network(), network()), membership, calibration)


def test_the_graph_computes_what_the_committee_computes(
    committee: Ensemble, values: Matrix
) -> None:
    expected = committee.probabilities(values)
    assert np.abs(run(to_onnx(committee), values) - expected).max() < 1e-5
    assert np.abs(expected.sum(axis=1) - 1).max() < 1e-5


def test_columns_that_the_graph_does_not_take_count_as_absent(
    committee: Ensemble, values: Matrix
) -> None:
    expected = committee.probabilities(without(values, EXTRA))
    onnx = to_onnx(replace(committee, features=CORE))
    assert np.abs(run(onnx, values[:, : len(CORE)]) - expected).max() < 1e-5


def test_columns_may_stand_in_another_order(committee: Ensemble, values: Matrix) -> None:
    onnx = to_onnx(replace(committee, features=NAMES[::-1]))
    expected = committee.probabilities(values)
    assert np.abs(run(onnx, values[:, ::-1].copy()) - expected).max() < 1e-5


def test_one_row_and_none_can_be_asked(committee: Ensemble, values: Matrix) -> None:
    onnx = to_onnx(committee)
    assert run(onnx, values[:1]).shape == (1, 3)
    assert run(onnx, values[:0]).shape == (0, 3)


def test_the_same_committee_gives_the_same_bytes(committee: Ensemble) -> None:
    assert to_onnx(committee) == to_onnx(committee)
