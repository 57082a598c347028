"""Exports ensembles as ONNX graphs with the inputs and outputs that `model.bundle` defines.

The parameters of the networks are stacked, so that all networks are computed by the same matrix
products, [networks, rows, width]. The input columns are the ensemble's features in their order; the
other features of the schema are missing, as in `training.ensemble`.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from model.schema import INPUT_NAMES
from training.ensemble import EPSILON, Ensemble
from training.inputs import FLOOR, LIMIT, LINEAR, LOGS, PITCHES
from training.subgenres import SubgenreEnsemble

OPSET: Final = 17
IR_VERSION: Final = 8
GRAPH_NAME: Final = "ensemble"


def to_onnx(ensemble: Ensemble) -> bytes:
    """Return the serialised ONNX graph of a calibrated ensemble."""
    graph = _Graph()
    _calibrated(graph, ensemble, output="probabilities")
    return _serialised(graph, len(ensemble.features), len(ensemble.outputs))


def subgenres_to_onnx(model: SubgenreEnsemble) -> bytes:
    """Return the serialised ONNX graph of a model of sub-genres, with the served ones as output."""
    graph = _Graph()
    chances = _calibrated(graph, model.ensemble)
    of_parent = graph.add("MatMul", chances, graph.constant(model.same_parent))
    within = graph.add("Div", chances, of_parent)
    served = graph.constant(model.served, np.int64)
    graph.add("Gather", within, served, output="probabilities", axis=1)
    return _serialised(graph, len(model.ensemble.features), len(model.served))


def _serialised(graph: "_Graph", features: int, outputs: int) -> bytes:
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            GRAPH_NAME,
            [helper.make_tensor_value_info("features", TensorProto.FLOAT, [None, features])],
            [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [None, outputs])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="soundslike",
    )
    onnx.checker.check_model(model, full_check=True)
    return bytes(model.SerializeToString())


class _Graph:
    """Collects nodes and constants, and gives each value a unique name."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, values: object, kind: type[np.generic] = np.float32) -> str:
        """Add a constant tensor and return its name."""
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(values, dtype=kind), name))
        return name

    def add(self, kind: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """Add a node and return the name of its output."""
        name = output or f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name


def _inputs(graph: _Graph, ensemble: Ensemble) -> str:
    """Add the computation of `training.inputs.Scaling.inputs`; returns the name of its result."""
    values = _in_schema_order(graph, ensemble.features)
    missing = graph.add("IsNaN", values)
    known = graph.add("Where", missing, graph.constant(1), values)
    linear = _columns(graph, known, LINEAR)
    shifted = graph.add(
        "Add",
        graph.add(
            "Mul",
            _columns(graph, known, [log.feature for log in LOGS]),
            graph.constant([log.slope for log in LOGS]),
        ),
        graph.constant([log.offset for log in LOGS]),
    )
    logs = graph.add("Log", graph.add("Max", shifted, graph.constant(FLOOR)))
    raw = graph.add("Concat", linear, logs, axis=1)
    centred = graph.add("Sub", raw, graph.constant(ensemble.scaling.mean))
    scaled = graph.add("Div", centred, graph.constant(ensemble.scaling.spread))
    clipped = graph.add("Clip", scaled, graph.constant(-LIMIT), graph.constant(LIMIT))
    raw_missing = _columns(graph, missing, [*LINEAR, *(log.feature for log in LOGS)])
    numbers = graph.add("Where", raw_missing, graph.constant(0), clipped)
    key = _columns(graph, values, ["key"])
    pitches = graph.add("Equal", key, graph.constant(np.arange(PITCHES)))
    flags = [graph.add("Cast", name, to=TensorProto.FLOAT) for name in (pitches, missing)]
    return graph.add("Concat", numbers, *flags, axis=1)


def _in_schema_order(graph: _Graph, features: Sequence[str]) -> str:
    """Reorder the columns to schema order, with NaN for features that the model does not take."""
    if tuple(features) == INPUT_NAMES:
        return "features"
    indices = [features.index(name) if name in features else len(features) for name in INPUT_NAMES]
    one_column = graph.constant([0, 0, 0, 1], np.int64)
    padded = graph.add("Pad", "features", one_column, graph.constant(np.nan))
    return graph.add("Gather", padded, graph.constant(indices, np.int64), axis=1)


def _columns(graph: _Graph, matrix: str, features: Sequence[str]) -> str:
    indices = [INPUT_NAMES.index(name) for name in features]
    return graph.add("Gather", matrix, graph.constant(indices, np.int64), axis=1)


def _networks(graph: _Graph, ensemble: Ensemble, inputs: str) -> str:
    """Add the stacked networks; the result is the average over them, [rows, genres]."""
    depth = len(ensemble.networks[0].weights)
    layer = inputs
    for index in range(depth):
        weights = graph.constant(np.stack([net.weights[index] for net in ensemble.networks]))
        biases = np.stack([net.biases[index] for net in ensemble.networks])[:, None, :]
        layer = graph.add("Add", graph.add("MatMul", layer, weights), graph.constant(biases))
        if index < depth - 1:
            layer = graph.add("Relu", layer)
    genres = graph.add("Softmax", layer, axis=-1)
    return graph.add("ReduceMean", genres, axes=[0], keepdims=0)


def _calibrated(graph: _Graph, ensemble: Ensemble, output: str = "") -> str:
    """Add `training.ensemble.Ensemble.probabilities`; returns the name of its result."""
    averaged = _networks(graph, ensemble, _inputs(graph, ensemble))
    logs = graph.add("Log", graph.add("Max", averaged, graph.constant(EPSILON)))
    scaled = graph.add("Div", logs, graph.constant(ensemble.calibration.temperature))
    biased = graph.add("Add", scaled, graph.constant(ensemble.calibration.bias))
    return graph.add("Softmax", biased, output=output, axis=-1)
