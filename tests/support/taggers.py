"""A tiny tagger, for tests: valid default values; a test overrides only what it is about."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from model.genres import STUDY
from model.sound.front_end import BANDS
from model.sound.head import Head
from model.sound.networks import EMBEDDING_SIZE, PATCH
from model.sound.tagger_bundle import (
    HEAD,
    LICENSE,
    HeadMetadata,
    TaggerMetadata,
    TaggerStore,
    network_file,
)
from model.verdicts import UNMEASURED

TAGS: Final = {"msd": ("rock", "Hip-Hop", "electronic"), "mtt": ("classical", "techno")}

INPUTS: Final = ("msd", "embedding")


def network(tags: int, embedding: int = EMBEDDING_SIZE, bands: int = BANDS) -> bytes:
    """Return a network whose tags are sigmoids of the patch's first bands, averaged over time.

    Its embedding has the averages of all bands, and then zeros.
    """
    nodes = [
        helper.make_node("ReduceMean", ["patches"], ["means"], axes=[1], keepdims=0),
        helper.make_node("MatMul", ["means", "first"], ["logits"]),
        helper.make_node("Sigmoid", ["logits"], ["tags"]),
        helper.make_node("MatMul", ["means", "all"], ["embedding"]),
    ]
    shape: list[str | int | None] = ["patches", PATCH, bands]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("patches", TensorProto.FLOAT, shape)],
        [
            helper.make_tensor_value_info("tags", TensorProto.FLOAT, ["patches", tags]),
            helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["patches", embedding]),
        ],
        [
            numpy_helper.from_array(np.eye(bands, tags, dtype=np.float32), "first"),
            numpy_helper.from_array(np.eye(bands, embedding, dtype=np.float32), "all"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def networks() -> dict[str, bytes]:
    return {name: network(len(tags)) for name, tags in TAGS.items()}


def metadata(**fields: Any) -> TaggerMetadata:
    values: dict[str, Any] = {
        "name": "musicnn",
        "origin": "invented",
        "license": "ISC",
        "tags": TAGS,
        "data": ({"name": "msd", "source": "invented", "license": "none"},),
        "libraries": {"onnx": "1"},
    }
    return TaggerMetadata(**{**values, **fields})


def head(genres: Sequence[str] = STUDY) -> Head:
    """Return a head that takes the most probable of the tags of msd for the genre."""
    size = len(TAGS["msd"]) + EMBEDDING_SIZE
    weights = 4 * np.eye(size, len(genres), dtype=np.float32)
    bias, mean = np.zeros(len(genres), np.float32), np.zeros(size, np.float32)
    return Head(INPUTS, genres, weights, bias, mean, np.ones(size, np.float32))


def head_metadata(genres: Sequence[str] = STUDY, **fields: Any) -> HeadMetadata:
    values: dict[str, Any] = {"inputs": INPUTS, "genres": tuple(genres), "verdicts": UNMEASURED}
    return HeadMetadata(**{**values, **fields})


def save_tagger(root: Path, *, with_head: bool = False, **fields: Any) -> TaggerStore:
    """Save and promote a bundle."""
    files = {network_file(name): content for name, content in networks().items()}
    files[LICENSE] = b"all is permitted"
    if with_head:
        files[HEAD] = head().to_bytes()
        fields = {"head": head_metadata()} | fields
    store = TaggerStore(root)
    saved = store.save(metadata(**fields), files)
    store.promote(saved.name, saved.version)
    return store
