"""A committee as an ONNX graph: input `features`, output `probabilities`, as `model.bundle` asks.

The networks are laid on top of one another, so that one row costs a few matrix products:
[networks, rows, width]. The graph takes the committee's features as columns, in their order; others
of the schema count as absent, as they do in the committee.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from model.schema import NAMES
from training.ensemble import LEAST, Ensemble
from training.inputs import FLOOR, LIMIT, LOGS, PITCHES, PLAIN

OPSET: Final = 17
IR_VERSION: Final = 8


def to_onnx(committee: Ensemble) -> bytes:
    """Return the serialised graph of a calibrated committee."""
    graph = _Graph()
    inputs = _inputs(graph, committee)
    averaged = _networks(graph, committee, inputs)
    _calibrated(graph, committee, averaged)
    genres = len(committee.genres)
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "committee",
            [
                helper.make_tensor_value_info(
                    "features", TensorProto.FLOAT, [None, len(committee.features)]
                )
            ],
            [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [None, genres])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="soundslike",
    )
    onnx.checker.check_model(model, full_check=True)
    return bytes(model.SerializeToString())


class _Graph:
    """Nodes and constants as they are added; every value gets a name of its own."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, values: object, kind: type[np.generic] = np.float32) -> str:
        """Add a tensor and return its name."""
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(values, dtype=kind), name))
        return name

    def add(self, kind: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """Add a node and return the name of its output."""
        name = output or f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name


def _inputs(graph: _Graph, committee: Ensemble) -> str:
    """Add what `training.inputs.Scaling.inputs` computes."""
    values = _in_schema_order(graph, committee.features)
    absent = graph.add("IsNaN", values)
    known = graph.add("Where", absent, graph.constant(1), values)
    plain = _columns(graph, known, PLAIN)
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
    raw = graph.add("Concat", plain, logs, axis=1)
    centred = graph.add("Sub", raw, graph.constant(committee.scaling.mean))
    scaled = graph.add("Div", centred, graph.constant(committee.scaling.spread))
    cut = graph.add("Clip", scaled, graph.constant(-LIMIT), graph.constant(LIMIT))
    raw_absent = _columns(graph, absent, [*PLAIN, *(log.feature for log in LOGS)])
    numbers = graph.add("Where", raw_absent, graph.constant(0), cut)
    key = _columns(graph, values, ["key"])
    pitches = graph.add("Equal", key, graph.constant(np.arange(PITCHES)))
    flags = [graph.add("Cast", name, to=TensorProto.FLOAT) for name in (pitches, absent)]
    return graph.add("Concat", numbers, *flags, axis=1)


def _in_schema_order(graph: _Graph, features: Sequence[str]) -> str:
    """Put the columns in schema order; a column of NaN stands for features not taken."""
    if tuple(features) == NAMES:
        return "features"
    places = [features.index(name) if name in features else len(features) for name in NAMES]
    one_more = graph.constant([0, 0, 0, 1], np.int64)
    padded = graph.add("Pad", "features", one_more, graph.constant(np.nan))
    return graph.add("Gather", padded, graph.constant(places, np.int64), axis=1)


def _columns(graph: _Graph, matrix: str, features: Sequence[str]) -> str:
    places = [NAMES.index(name) for name in features]
    return graph.add("Gather", matrix, graph.constant(places, np.int64), axis=1)


def _networks(graph: _Graph, committee: Ensemble, inputs: str) -> str:
    """Add all networks side by side; the result is their average, [rows, genres]."""
    depth = len(committee.networks[0].weights)
    layer = inputs
    for index in range(depth):
        weights = graph.constant(np.stack([net.weights[index] for net in committee.networks]))
        biases = np.stack([net.biases[index] for net in committee.networks])[:, None, :]
        layer = graph.add("Add", graph.add("MatMul", layer, weights), graph.constant(biases))
        if index < depth - 1:
            layer = graph.add("Relu", layer)
    shelves = graph.add("Softmax", layer, axis=-1)
    genres = graph.add("MatMul", shelves, graph.constant(committee.membership))
    total = graph.add("ReduceSum", genres, graph.constant([-1], np.int64), keepdims=1)
    return graph.add("ReduceMean", graph.add("Div", genres, total), axes=[0], keepdims=0)


def _calibrated(graph: _Graph, committee: Ensemble, averaged: str) -> None:
    """Add what `training.ensemble.Calibration.apply` computes."""
    logs = graph.add("Log", graph.add("Max", averaged, graph.constant(LEAST)))
    cooled = graph.add("Div", logs, graph.constant(committee.calibration.temperature))
    biased = graph.add("Add", cooled, graph.constant(committee.calibration.bias))
    graph.add("Softmax", biased, output="probabilities", axis=-1)
