"""Valid default values for tests; a test overrides only what it is about."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from bot.domain.cards import Answer, ModelRef
from bot.domain.places import Message, Place
from bot.domain.tracks import AudioFeatures, Track
from bot.services.listen import answer_by_sound
from model.bundle import MODEL, SUBGENRES, Metadata
from model.classifier import Prediction
from model.genres import STUDY, WIDE
from model.metrics import Metrics
from model.reasons import Reason
from model.schema import CORE, NAMES, YEAR
from model.store import BundleStore
from model.subgenres import SubgenreColumn
from model.verdicts import Verdict, VerdictFigures
from tests.support.fake_listener import heard

OLD_TOWN_ROAD = "2YpeDb67231RjR0MgVLzsG"
HEROES = "7Jh1bpe76CNTCgdgAdBw4Z"

VALUES: Mapping[str, float] = {
    "danceability": 0.88,
    "energy": 0.62,
    "speechiness": 0.1,
    "acousticness": 0.05,
    "instrumentalness": 0.0,
    "liveness": 0.11,
    "valence": 0.64,
    "tempo": 136.0,
    "loudness": -5.6,
    "key": 6.0,
    "mode": 1.0,
    "duration_ms": 157067.0,
}
"""Features of an invented song."""

TYPICAL: Mapping[str, float] = {
    "danceability": 0.6,
    "energy": 0.7,
    "speechiness": 0.05,
    "acousticness": 0.2,
    "instrumentalness": 0.01,
    "liveness": 0.15,
    "valence": 0.5,
    "tempo": 120.0,
    "loudness": -7.0,
    "key": 5.0,
    "mode": 1.0,
    "duration_ms": 220000.0,
}
"""Features of an invented typical song."""

PRIORS: Mapping[str, Mapping[str, float]] = {
    "tables": {"rock": 0.6, "hip-hop": 0.2, "electronic": 0.2},
    "popular": {"rock": 0.3, "hip-hop": 0.6, "electronic": 0.1},
    "even": dict.fromkeys(STUDY, 1 / 3),
}
"""Priors of an invented model with the study's genres."""


def track(track_id: str | None = OLD_TOWN_ROAD, **fields: Any) -> Track:
    """Return a track."""
    known: dict[str, Any] = {
        "title": "Old Town Road - Remix",
        "artists": ("Lil Nas X", "Billy Ray Cyrus"),
        "url": f"https://open.spotify.com/track/{track_id}" if track_id else None,
    }
    return Track(track_id, **(known | fields))


def prediction(best: str = "country", verdict: Verdict = Verdict.PLAIN) -> Prediction:
    """Return a prediction over the thirteen genres: 0.64 for the best, 0.03 for each other."""
    others = {genre: 0.03 for genre in WIDE if genre != best}
    return Prediction({best: 0.64, **others}, verdict, ())


def answer(**fields: Any) -> Answer:
    """Return an answer."""
    known: dict[str, Any] = {
        "subject": track(),
        "features": AudioFeatures.from_source(dict(VALUES), "reccobeats"),
        "prediction": prediction(),
        "reasons": (
            Reason("danceability", 0.88, 0.6, 0.9),
            Reason("speechiness", 0.1, 0.05, 0.4),
        ),
        "typical": dict(TYPICAL),
        "model": ModelRef("wide", "1a2b3c4d"),
    }
    return Answer(**(known | fields))


def sound_answer(subject: Track | None = None, **fields: Any) -> Answer:
    """Return an answer by sound alone, about a file in a chat; `fields` are those of `Heard`.

    With a subject, it is about a file of one's own or a preview.
    """
    if subject is None:
        subject = Track(title="Your sound file", sound_id="0" * 32)
        fields = {"embedding": b"", **fields}
    return answer_by_sound(subject, heard(**fields))


def message(text: str, message_id: str = "m1", user: str = "ann", channel: str = "c") -> Message:
    """Return a message."""
    return Message(Place("test", "w", channel), message_id, user, text)


def metadata(name: str = "tiny", **fields: Any) -> Metadata:
    """Return the metadata of a bundle on the eight core features and the study's three genres."""
    known: dict[str, Any] = {
        "version": "1",
        "features": CORE,
        "genres": STUDY,
        "verdicts": {
            "plain": VerdictFigures(0.6),
            "either": VerdictFigures(0.8),
            "unsure": VerdictFigures(0.0),
        },
        "typical_song": {feature: TYPICAL[feature] for feature in NAMES},
        "typical_genres": {genre: dict(TYPICAL) for genre in WIDE},
        "metrics": Metrics(),
        "data": ({"name": "none", "rows": 0, "licence": "none"},),
        "libraries": {"onnx": onnx.__version__},
    }
    return Metadata(name=name, **(known | fields))


def onnx_model(features: int = len(CORE), genres: int = len(STUDY)) -> bytes:
    """Return a softmax over fixed weights that treats missing values as 0.

    With the core features, danceability favours hip-hop, energy rock, instrumentalness electronic.
    A ninth feature is the year: before 1990 it favours rock.
    """
    weights = np.zeros((features, genres), dtype=np.float32)
    weights[1, 0] = weights[0, 1] = weights[4, 2] = 4.0
    offset = np.zeros(features, dtype=np.float32)
    if features > len(CORE):
        weights[len(CORE), 0], offset[len(CORE)] = -0.1, 1990
    nodes = [
        helper.make_node("Sub", ["features", "offset"], ["shifted"]),
        helper.make_node("IsNaN", ["features"], ["missing"]),
        helper.make_node("Where", ["missing", "zero", "shifted"], ["known"]),
        helper.make_node("MatMul", ["known", "weights"], ["scores"]),
        helper.make_node("Softmax", ["scores"], ["probabilities"], axis=1),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, [None, features])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [None, genres])],
        [
            numpy_helper.from_array(weights, "weights"),
            numpy_helper.from_array(offset, "offset"),
            numpy_helper.from_array(np.array(0, dtype=np.float32), "zero"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(model.SerializeToString())


def save_bundle(root: Path, name: str = "tiny", **fields: Any) -> BundleStore:
    """Save and promote a valid bundle in a new store."""
    store = BundleStore(root)
    saved = store.save(metadata(name, **fields), {MODEL: onnx_model()})
    store.promote(name, saved.version)
    return store


def save_full_bundle(root: Path, name: str = "full", **fields: Any) -> BundleStore:
    """Save and promote a bundle that has a year, priors and sub-genres besides."""
    known: dict[str, Any] = {
        "features": (*CORE, YEAR.name),
        "typical_song": {**{feature: TYPICAL[feature] for feature in NAMES}, YEAR.name: 1990.0},
        "priors": PRIORS,
        "prior_temper": 0.5,
        "subgenres": (
            SubgenreColumn("grunge", "rock", 0.5, 0.8, 100),
            SubgenreColumn("trap", "hip-hop", 0.5, 0.7, 50),
            SubgenreColumn("ambient", "electronic", 0.5),
        ),
    }
    store = BundleStore(root)
    model = onnx_model(features=len(CORE) + 1)
    saved = store.save(metadata(name, **(known | fields)), {MODEL: model, SUBGENRES: model})
    store.promote(name, saved.version)
    return store
