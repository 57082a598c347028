"""Reads an ensemble back from a bundle's `model.onnx`: the inverse of `training.export.to_onnx`.

The parameters are found by the operators that use them. The graph of the ensemble that was read is
then compared with the given one, so that a graph with any other computation is refused. The
bundle's `pipeline.joblib` is never read, as loading it would run code.
"""

from collections.abc import Sequence

import numpy as np
import onnx
from onnx import numpy_helper
from onnx.external_data_helper import uses_external_data

from model.bundle import Bundle
from training.ensemble import Calibration, Ensemble
from training.errors import CannotRetrain
from training.export import to_onnx
from training.features import Matrix
from training.inputs import Scaling
from training.network import Network


def read(bundle: Bundle) -> Ensemble:
    """Return the ensemble whose graph is the bundle's model.

    Raises CannotRetrain if the model was not written by `training.export.to_onnx`.
    """
    metadata = bundle.metadata
    try:
        model = onnx.load_model_from_string(bundle.onnx)
        ensemble = _ensemble(model.graph, metadata.features, metadata.genres)
        same = onnx.load_model_from_string(to_onnx(ensemble)).graph == model.graph
    except Exception as error:  # the parsers of onnx and protobuf share no base class
        raise CannotRetrain(
            f"the networks of model {metadata.name} {metadata.version} cannot be read: {error}"
        ) from error
    if not same:
        raise CannotRetrain(
            f"model {metadata.name} {metadata.version} is no ensemble of this program's networks, "
            "so it cannot be trained further"
        )
    return ensemble


def _ensemble(graph: onnx.GraphProto, features: Sequence[str], genres: Sequence[str]) -> Ensemble:
    (mean,) = _operands(graph, "Sub")
    spread, temperature = _operands(graph, "Div")
    _, *biases, bias = _operands(graph, "Add")
    weights = _operands(graph, "MatMul")
    networks = tuple(
        Network(
            tuple(layer[number] for layer in weights),
            tuple(layer[number, 0] for layer in biases),
        )
        for number in range(len(weights[0]))
    )
    calibration = Calibration(float(temperature), bias)
    return Ensemble(tuple(features), tuple(genres), Scaling(mean, spread), networks, calibration)


def _operands(graph: onnx.GraphProto, operator: str) -> list[Matrix]:
    """Return the constant second operand of each node of an operator, in the graph's order."""
    constants = {tensor.name: tensor for tensor in graph.initializer}
    return [_values(constants[node.input[1]]) for node in graph.node if node.op_type == operator]


def _values(tensor: onnx.TensorProto) -> Matrix:
    if uses_external_data(tensor):
        raise ValueError("it refers to other files")
    values: Matrix = np.asarray(numpy_helper.to_array(tensor), np.float32)
    return values
