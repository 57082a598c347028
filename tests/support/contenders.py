"""Models and songs of a made-up world for tests of the gate.

Rock songs have much energy, hip-hop songs much danceability and electronic ones much
instrumentalness; the tempo is always 120.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from model.bundle import Bundle
from model.genres import STUDY
from model.schema import CORE, INPUT_NAMES
from model.verdicts import VerdictFigures
from tests.support.factories import metadata
from training.features import Matrix
from training.feedback.votes import AgreedLabel
from training.gate.contender import Contender
from training.gate.frozen import FrozenData, FrozenKind

TEMPO: Final = 120.0

FEATURE: Final[Mapping[str, str]] = {
    "rock": "energy",
    "hip-hop": "danceability",
    "electronic": "instrumentalness",
}
"""The feature that tells each genre."""

NAMES_ALL: Final = {
    "plain": VerdictFigures(1.0),
    "either": VerdictFigures(1.0),
    "unsure": VerdictFigures(0.0),
}
"""Verdicts that name all three genres of any song."""

GOOD: Final[Mapping[tuple[str, str], float]] = {
    ("energy", "rock"): 6,
    ("danceability", "hip-hop"): 6,
    ("instrumentalness", "electronic"): 6,
}
"""Weights by feature and genre of a model that knows the world."""


def contender(
    weights: Mapping[tuple[str, str], float] = GOOD,
    version: str = "candidate",
    *,
    bias: Mapping[str, float] | None = None,
    padding: int = 0,
    softmax: bool = True,
    songs: int | None = None,
    **fields: Any,
) -> Contender:
    """Return a linear model, not calibrated.

    Args:
        weights: Weights by feature and genre; the tempo counts from `TEMPO`.
        version: Its version.
        bias: Added to the score of each genre.
        padding: Number of bytes to add to the network.
        softmax: Whether it ends with a softmax; else scores are returned as they are.
        songs: Number of songs that it takes at once; any number by default.
        fields: Fields of its metadata.
    """
    about = metadata(**({"verdicts": NAMES_ALL, "version": version} | fields))
    matrix = np.zeros((len(about.features), len(about.genres)), dtype=np.float32)
    for (feature, genre), weight in weights.items():
        if feature in about.features and genre in about.genres:
            matrix[about.features.index(feature), about.genres.index(genre)] = weight
    offset = [(bias or {}).get(genre, 0.0) for genre in about.genres]
    return Contender(Bundle(about, _network(matrix, offset, padding, softmax=softmax, songs=songs)))


def _network(
    weights: Matrix, bias: Sequence[float], padding: int, *, softmax: bool, songs: int | None
) -> bytes:
    middle = np.zeros(len(weights), dtype=np.float32)
    if len(weights) > CORE.index("tempo"):
        middle[CORE.index("tempo")] = TEMPO
    end = helper.make_node("Softmax", ["scores"], ["probabilities"], axis=1)
    constants: dict[str, npt.NDArray[Any]] = {
        "middle": middle,
        "weights": weights,
        "bias": np.array(bias, dtype=np.float32),
        "zero": np.array(0, dtype=np.float32),
        "padding": np.zeros(padding, dtype=np.uint8),
    }
    graph = helper.make_graph(
        [
            helper.make_node("IsNaN", ["features"], ["missing"]),
            helper.make_node("Sub", ["features", "middle"], ["shifted"]),
            helper.make_node("Where", ["missing", "zero", "shifted"], ["known"]),
            helper.make_node("MatMul", ["known", "weights"], ["product"]),
            helper.make_node("Add", ["product", "bias"], ["scores"]),
            end if softmax else helper.make_node("Identity", ["scores"], ["probabilities"]),
        ],
        "linear",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, [songs, len(weights)])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [songs, len(bias)])],
        [numpy_helper.from_array(values, name) for name, values in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def world(
    songs: int, kind: FrozenKind = "fma", *, seed: int = 0, electronic: float = 0.2, **given: float
) -> FrozenData:
    """Return songs by `songs / 4` artists, each of one genre.

    Args:
        songs: Number of songs.
        kind: Where they are said to come from.
        seed: Seed of the draws.
        electronic: Share of the artists that are electronic.
        given: Values of features that all songs have.
    """
    rng = np.random.default_rng(seed)
    artists = max(songs // 4, 1)
    share = (1 - electronic) / 2
    of_artist = rng.choice(STUDY, artists, p=(share, share, electronic))
    artist = rng.integers(0, artists, songs)
    truth = of_artist[artist]
    values = np.full((songs, len(INPUT_NAMES)), np.nan, dtype=np.float32)
    for name in CORE:
        values[:, INPUT_NAMES.index(name)] = 0.0
    for genre, name in FEATURE.items():
        column = INPUT_NAMES.index(name)
        values[:, column] = rng.uniform(0, 0.7, songs) + 0.3 * (truth == genre)
    for name, value in {"tempo": TEMPO, **given}.items():
        values[:, INPUT_NAMES.index(name)] = value
    return FrozenData(
        kind=kind,
        values=values,
        truth=tuple(map(str, truth)),
        artists=tuple(f"{kind} artist {seed} {one}" for one in artist),
        songs=tuple(f"{kind} song {seed}.{one}" for one in range(songs)),
    )


def labels(data: FrozenData) -> list[AgreedLabel]:
    """Return songs as corrections on which three people agree."""
    return [
        AgreedLabel(
            track=song,
            title=song,
            artists=(artist,),
            genre=genre,
            weight=1.0,
            voters=3,
            features={
                name: float(value)
                for name, value in zip(INPUT_NAMES, row, strict=True)
                if not np.isnan(value)
            },
        )
        for song, artist, genre, row in zip(
            data.songs, data.artists, data.truth, data.values, strict=True
        )
    ]
