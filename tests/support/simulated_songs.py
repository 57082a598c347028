"""Songs of a genre, by the judgement of the shipped model."""

from collections.abc import Iterator, Mapping
from itertools import islice

import numpy as np

from model.classifier import Classifier
from model.schema import BY_NAME, NAMES

SPREAD = {"tempo": 18.0, "loudness": 2.5, "duration_ms": 25_000.0}
"""Standard deviation of features that are not in 0-1."""

SURE = 0.5
"""Smallest probability of the genre."""


def songs_of(
    classifier: Classifier, genre: str, count: int, seed: int = 0
) -> list[Mapping[str, float]]:
    """Return feature values of songs that the model surely takes for songs of a genre."""
    return list(islice(_songs(classifier, genre, seed), count))


def _songs(classifier: Classifier, genre: str, seed: int) -> Iterator[Mapping[str, float]]:
    rng = np.random.default_rng(seed)
    typical = classifier.typical(genre)
    while True:
        values = {name: _near(name, typical[name], rng) for name in NAMES if name in typical}
        genres = classifier.predict(values).genres
        if genres[genre] >= SURE:
            yield values


def _near(name: str, centre: float, rng: np.random.Generator) -> float:
    feature = BY_NAME[name]
    if feature.whole:
        return float(rng.integers(int(feature.low), int(feature.high) + 1))
    value = rng.normal(centre, SPREAD.get(name, 0.08))
    return round(float(np.clip(value, feature.low, feature.high)), 4)
