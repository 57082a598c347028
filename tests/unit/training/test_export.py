from dataclasses import replace
from itertools import pairwise

import numpy as np
import onnxruntime as ort
import pandas as pd
import pytest

from model.schema import CORE, EXTRA, INPUT_NAMES, NAMES
from training.ensemble import Calibration, Ensemble
from training.export import subgenres_to_onnx, to_onnx
from training.features import YEAR_COLUMN, Absence, Matrix, matrix, without
from training.inputs import Scaling
from training.network import Network
from training.subgenres import SubgenreEnsemble

GENRES = ("rock", "hip-hop", "electronic")


def run(onnx: bytes, features: Matrix) -> Matrix:
    session = ort.InferenceSession(onnx, providers=["CPUExecutionProvider"])
    (output,) = session.run(["probabilities"], {"features": features})
    probabilities: Matrix = output
    return probabilities


@pytest.fixture
def values(made_up_rows: pd.DataFrame) -> Matrix:
    """Return rows with random absences, the last ones with extreme values."""
    known = matrix(made_up_rows)
    values = Absence(known).sample(known, np.random.default_rng(0))
    values[-1, NAMES.index("loudness")] = -1e30
    values[-2, NAMES.index("duration_ms")] = 0
    values[-3, NAMES.index("tempo")] = 1e30
    values[-4, YEAR_COLUMN] = 2100
    return values


@pytest.fixture
def ensemble(values: Matrix) -> Ensemble:
    rng = np.random.default_rng(1)
    scaling = Scaling.of(values[:-4])
    widths = (scaling.inputs(values[:1]).shape[1], 8, 5, len(GENRES))

    def network() -> Network:
        pairs = list(pairwise(widths))
        return Network(
            tuple(rng.standard_normal(pair).astype(np.float32) for pair in pairs),
            tuple(rng.standard_normal(pair[1]).astype(np.float32) for pair in pairs),
        )

    calibration = Calibration(1.2, np.array([0.1, -0.3, 0.2], np.float32))
    return Ensemble(INPUT_NAMES, GENRES, scaling, (network(), network()), calibration)


def test_graph_computes_the_same_as_the_ensemble(ensemble: Ensemble, values: Matrix) -> None:
    expected = ensemble.probabilities(values)
    assert np.abs(run(to_onnx(ensemble), values) - expected).max() < 1e-5
    assert np.abs(expected.sum(axis=1) - 1).max() < 1e-5


def test_features_that_the_graph_does_not_take_are_missing(
    ensemble: Ensemble, values: Matrix
) -> None:
    expected = ensemble.probabilities(without(values, (*EXTRA, "year")))
    onnx = to_onnx(replace(ensemble, features=CORE))
    assert np.abs(run(onnx, values[:, : len(CORE)]) - expected).max() < 1e-5


def test_columns_may_be_in_another_order(ensemble: Ensemble, values: Matrix) -> None:
    onnx = to_onnx(replace(ensemble, features=INPUT_NAMES[::-1]))
    expected = ensemble.probabilities(values)
    assert np.abs(run(onnx, values[:, ::-1].copy()) - expected).max() < 1e-5


def test_year_counts_in_the_graph_as_in_the_ensemble(ensemble: Ensemble, values: Matrix) -> None:
    onnx = to_onnx(ensemble)
    dated, undated = run(onnx, values), run(onnx, without(values, ("year",)))
    known = ~np.isnan(values[:, YEAR_COLUMN])
    assert np.abs(undated - ensemble.probabilities(without(values, ("year",)))).max() < 1e-5
    assert np.abs(dated - undated)[known].max() > 0.01
    assert np.array_equal(dated[~known], undated[~known])


@pytest.fixture
def subgenres(ensemble: Ensemble) -> SubgenreEnsemble:
    """Return a model of three sub-genres of two parents, of which the first and last are served."""
    same_parent = np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1]], np.float32)
    return SubgenreEnsemble(ensemble, same_parent, (0, 2), ())


def test_graph_of_subgenres_has_the_served_ones(
    subgenres: SubgenreEnsemble, values: Matrix
) -> None:
    every = subgenres.probabilities(values)
    assert np.abs(run(subgenres_to_onnx(subgenres), values) - every[:, [0, 2]]).max() < 1e-5
    assert every[:, :2].sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert every[:, 2] == pytest.approx(1, abs=1e-5)


def test_batch_may_have_one_row_or_none(ensemble: Ensemble, values: Matrix) -> None:
    onnx = to_onnx(ensemble)
    assert run(onnx, values[:1]).shape == (1, 3)
    assert run(onnx, values[:0]).shape == (0, 3)


def test_export_is_deterministic(ensemble: Ensemble) -> None:
    assert to_onnx(ensemble) == to_onnx(ensemble)
