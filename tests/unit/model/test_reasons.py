"""Reasons for a genre: distinctive features that speak for it more than for the next ones."""

import json
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pytest

from model.classifier import Classifier
from model.percentiles import median, middle_half
from model.reasons import MAX_REASONS, SUPPORTING, Reason, explain
from model.schema import NAMES
from model.store import BundleStore
from tests.conftest import ROOT

Weights = Mapping[str, Sequence[float]]
"""Feature to the weight of its rise for each of three genres."""

TYPICAL: dict[str, float] = {name: median(name) for name in NAMES} | {"year": 2013.0}

LIVELY: dict[str, float] = {
    "danceability": 0.9,
    "energy": 0.95,
    "acousticness": 0.9,
    "speechiness": 0.4,
}
"""Values that few songs have."""


def reasons(song: dict[str, float], weights: Weights) -> list[str]:
    """Return the features that speak for the first genre in a model with these weights."""

    def classify(songs: Sequence[Mapping[str, float]]) -> npt.NDArray[np.float32]:
        scores = np.zeros((len(songs), 3), dtype=np.float32)
        for name, own in weights.items():
            rises = [np.sign(one[name] - TYPICAL[name]) for one in songs]
            scores += np.outer(rises, own).astype(np.float32)
        odds: npt.NDArray[np.float32] = np.exp(scores)
        return odds / (1 + odds)

    found = explain(classify, TYPICAL | song, TYPICAL, (0, 1, 2))
    return [reason.feature for reason in found]


def is_distinctive(feature: str, value: float) -> bool:
    return Reason(feature, value, TYPICAL[feature], 1.0).is_distinctive


def test_strongest_reasons_come_first_and_are_at_most_three() -> None:
    weights = {name: (number, 0, 0) for number, name in enumerate(LIVELY, 1)}
    assert reasons(LIVELY, weights) == ["speechiness", "acousticness", "energy"]


@pytest.mark.parametrize("rival", [1, 2])
def test_reason_that_speaks_as_much_for_another_genre_is_none(rival: int) -> None:
    of_rival = [0.0, 0.0, 0.0]
    of_rival[0], of_rival[rival] = 1.0, 0.9
    assert reasons(LIVELY, {"danceability": (1, 0, 0), "energy": of_rival}) == ["danceability"]
    of_rival[rival] = 0.5
    assert len(reasons(LIVELY, {"danceability": (1, 0, 0), "energy": of_rival})) == 2


def test_what_speaks_against_the_genre_or_hardly_for_it_is_no_reason() -> None:
    assert reasons(LIVELY, {"danceability": (0.2, 0, 0), "energy": (-1, 0, 0)}) == []


def test_value_in_the_middle_half_of_all_songs_is_no_reason() -> None:
    high = middle_half("danceability")[1]
    assert reasons({"danceability": high - 0.02}, {"danceability": (1, 0, 0)}) == []
    assert reasons({"danceability": high + 0.02}, {"danceability": (1, 0, 0)}) == ["danceability"]


@pytest.mark.parametrize("feature", sorted(SUPPORTING))
def test_features_of_every_genre_are_no_reason_alone(feature: str) -> None:
    rare = {"tempo": 170.0, "loudness": -1.0, "mode": 0.0, "duration_ms": 6e5, "valence": 0.97}
    song = {"danceability": 0.9, feature: (rare | {"year": 1960.0})[feature]}
    sign = 1.0 if song[feature] > TYPICAL[feature] else -1.0
    assert reasons(song, {feature: (sign, 0, 0)}) == []
    both = {feature: (sign, 0, 0), "danceability": (0.5, 0, 0)}
    assert reasons(song, both) == [feature, "danceability"]


def test_genre_without_rivals_has_reasons() -> None:
    found = explain(
        lambda songs: np.array([[0.5 + 0.4 * (one["energy"] > 0.9)] for one in songs], np.float32),
        TYPICAL | LIVELY,
        TYPICAL,
        (0,),
    )
    assert [reason.feature for reason in found] == ["energy"]


@pytest.mark.parametrize(
    ("feature", "value", "expected"),
    [
        ("danceability", 0.4, True),
        ("energy", 0.9, True),
        ("speechiness", 0.02, False),
        ("speechiness", 0.1, True),
        ("liveness", 0.01, False),
        ("liveness", 0.6, False),
        ("liveness", 0.9, True),
        ("instrumentalness", 0.0, False),
        ("instrumentalness", 0.45, False),
        ("instrumentalness", 0.9, True),
        ("valence", 0.72, False),
        ("valence", 0.2, False),
        ("valence", 0.95, True),
        ("valence", 0.05, True),
        ("tempo", 71.0, True),
        ("tempo", 97.0, False),
        ("tempo", 136.0, True),
        ("tempo", 178.0, False),
        ("loudness", -12.0, False),
        ("loudness", -20.0, True),
        ("loudness", -2.0, True),
        ("key", 0.0, False),
        ("key", 11.0, False),
        ("mode", 0.0, True),
        ("mode", 1.0, False),
        ("duration_ms", 432_000.0, True),
        ("duration_ms", 157_000.0, True),
        ("duration_ms", 200_000.0, False),
        ("year", 1991.0, True),
        ("year", 2002.0, False),
    ],
)
def test_values_that_a_person_notices(feature: str, value: float, *, expected: bool) -> None:
    assert is_distinctive(feature, value) == expected


@pytest.mark.parametrize("feature", NAMES)
def test_median_is_not_distinctive(feature: str) -> None:
    assert not is_distinctive(feature, median(feature))


@pytest.mark.parametrize("model", ["wide", "study"])
def test_reasons_of_famous_songs(model: str) -> None:
    content = json.loads((ROOT / "bot/sources/songs.json").read_text(encoding="utf-8"))
    classifier = Classifier(BundleStore().load(model))
    found = {}
    for song in content["songs"]:
        values = song["features"] | ({"year": song["year"]} if song["year"] else {})
        prediction = classifier.predict(values)
        found[song["title"]] = [reason.feature for reason in classifier.explain(values, prediction)]
    assert all(len(own) <= MAX_REASONS for own in found.values())
    assert not any(SUPPORTING.issuperset(own) for own in found.values() if own)
    assert "valence" not in found["Smells Like Teen Spirit"]
    assert set(found["Old Town Road - Remix"]) == {"danceability", "tempo", "speechiness"}
    assert found["Lose Yourself"][:2] == ["speechiness", "tempo"]
    assert found["Sandstorm - Radio Edit"][:2] == ["instrumentalness", "energy"]
