"""Converts the networks in the wheel of musicnn 0.1.0 from TensorFlow to ONNX.

Runs in an environment of its own (`make tagger`), as TensorFlow needs another numpy than the rest.
The two networks were trained by Pons and Serra, "musicnn: pre-trained convolutional neural networks
for music audio tagging" (2019), on the Million Song Dataset (msd) and MagnaTagATune (mtt).

    python convert.py FOLDER

writes `msd.onnx`, `mtt.onnx`, `networks.json` (their description) and the wheel's `LICENSE.md`.
Each network has the input `patches`, float32 [patches, 187, 96], and the outputs `tags`, float32
[patches, 50] in 0-1, and `embedding`, float32 [patches, 200].

The bytes differ from run to run, as tf2onnx moves transpositions in the order of a set of nodes.
"""

import json
import os
import sys
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import numpy as np

os.environ["TF_USE_LEGACY_KERAS"] = "1"  # the graph is built with the layers of TensorFlow 1
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"

import musicnn
import onnxruntime
import tensorflow as tf
import tf2onnx
from musicnn import configuration, models

FRAMES: Final = 187
BANDS: Final = 96
OPSET: Final = 17
TOLERANCE: Final = 1e-5
"""Largest difference between the outputs of TensorFlow and ONNX."""

TAGS: Final = {"msd": configuration.MSD_LABELS, "mtt": configuration.MTT_LABELS}

ORIGIN: Final = "https://github.com/jordipons/musicnn (Pons and Serra, ISMIR 2019 late-breaking)"

DATA: Final = (
    {
        "name": "msd",
        "source": "Million Song Dataset, http://millionsongdataset.com, tags of Last.fm",
        "license": "the tags for non-commercial use only; the audio is not distributed",
    },
    {
        "name": "mtt",
        "source": "MagnaTagATune, https://mirg.city.ac.uk/codeapps/the-magnatagatune-dataset",
        "license": "the audio is believed to be CC BY-NC-SA",
    },
)
"""The collections that the networks were trained on; the licences are as far as they are known."""

LIBRARIES: Final = ("tensorflow", "tf_keras", "tf2onnx", "onnx")

tf1 = tf.compat.v1


def main(folder: Path) -> None:
    """Convert both networks and check them against the originals."""
    folder.mkdir(parents=True, exist_ok=True)
    tf1.disable_eager_execution()
    for name in TAGS:
        (folder / f"{name}.onnx").write_bytes(convert(name))
    distribution = metadata.distribution("musicnn")
    license_file = next(file for file in distribution.files or () if file.name == "LICENSE.md")
    (folder / "LICENSE.md").write_text(license_file.read_text(), encoding="utf-8")
    description = {
        "origin": f"musicnn {distribution.version}, {ORIGIN}",
        "license": "ISC",
        "tags": TAGS,
        "data": DATA,
        "libraries": {name: metadata.version(name) for name in LIBRARIES},
    }
    text = json.dumps(description, indent=1, ensure_ascii=False) + "\n"
    (folder / "networks.json").write_text(text, encoding="utf-8")


def convert(name: str) -> bytes:
    """Return a network as ONNX; raise ValueError if it differs from the original."""
    tf1.reset_default_graph()
    with tf1.Session() as session:
        patches = tf1.placeholder(tf.float32, [None, FRAMES, BANDS], name="patches")
        with tf.name_scope("model"):
            logits, *_, embedding = models.define_model(
                patches, tf.constant(value=False), f"{name.upper()}_musicnn", len(TAGS[name])
            )
        outputs = [
            tf.identity(tf.nn.sigmoid(logits), name="tags"),
            tf.identity(embedding, name="embedding"),
        ]
        weights = Path(musicnn.__file__).parent / f"{name.upper()}_musicnn"
        tf1.train.Saver().restore(session, f"{weights}/")
        graph = tf1.graph_util.convert_variables_to_constants(
            session, session.graph_def, ["tags", "embedding"]
        )
        model, _ = tf2onnx.convert.from_graph_def(
            graph,
            input_names=["patches:0"],
            output_names=["tags:0", "embedding:0"],
            opset=OPSET,
        )
        rename(model.graph)
        content = model.SerializeToString()
        check(session, patches, outputs, content)
    return bytes(content)


def rename(graph: Any) -> None:
    """Drop the `:0` that TensorFlow adds to names of inputs and outputs."""
    names = {one.name: one.name.removesuffix(":0") for one in (*graph.input, *graph.output)}
    for node in graph.node:
        node.input[:] = [names.get(one, one) for one in node.input]
        node.output[:] = [names.get(one, one) for one in node.output]
    for one in (*graph.input, *graph.output):
        one.name = names[one.name]


def check(session: Any, patches: Any, outputs: list[Any], content: bytes) -> None:
    """Compare the outputs for random patches; raise ValueError if they differ."""
    generator = np.random.default_rng(1)
    sample = generator.uniform(0, 5, (4, FRAMES, BANDS)).astype(np.float32)
    expected = session.run(outputs, {patches: sample})
    found = onnxruntime.InferenceSession(content).run(["tags", "embedding"], {"patches": sample})
    difference = max(float(np.abs(a - b).max()) for a, b in zip(expected, found, strict=True))
    print(f"{len(content)} bytes, largest difference {difference:.1e}")
    if difference > TOLERANCE * max(1.0, float(np.abs(expected[1]).max())):
        raise ValueError(f"ONNX differs from TensorFlow by {difference}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
