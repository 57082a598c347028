"""The figures of tempo, key and loudness: how they are counted, and what they keep to."""

import json
from typing import Any

import numpy as np
import pytest

from model.sound.tempo import Tempo
from training.sound import measure
from training.sound.card import FIGURES
from training.sound.measure import KeyFigures, TempoFigures


@pytest.fixture
def committed() -> dict[str, Any]:
    content = json.loads((FIGURES / "tempo_key_loudness.json").read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


def test_tempi_are_counted_as_exact_or_by_what_is_told_beside_or_as_an_octave_off() -> None:
    pairs = [
        (100.0, Tempo(100.5)),
        (100.0, Tempo(200.0, 100.0)),
        (100.0, Tempo(50.0)),
        (100.0, Tempo(133.0, 66.5)),
        (100.0, None),
    ]
    assert measure.tempo_figures(pairs) == TempoFigures(
        sounds=5,
        told=0.8,
        exact=0.25,
        either=0.5,
        octave=0.75,
        median_error=0.005,
        largest_error=0.005,
    )


def test_keys_that_are_not_told_count_as_no_error() -> None:
    pairs = [("C major", "C major"), ("C major", "A minor"), ("C major", None), ("C major", None)]
    assert measure.key_figures(pairs) == KeyFigures(sounds=4, told=0.5, right=0.5)


def test_nothing_told_is_no_division_by_zero() -> None:
    assert measure.tempo_figures([(100.0, None)]).exact == 0
    assert measure.key_figures([]).right == 0


def test_long_sounds_are_measured_by_the_excerpts_that_are_listened_to() -> None:
    long = measure.excerpts_of(np.arange(100 * 100, dtype=np.float32), 100)
    assert [len(one) for one in long] == [1000, 1000, 1000]
    assert [one[0] for one in long] == [2000, 4500, 7000]
    assert len(measure.excerpts_of(np.zeros(30 * 100, dtype=np.float32), 100)) == 1


def test_what_is_told_is_right_within_what_is_stated(committed: dict[str, Any]) -> None:
    tempo, key = committed["tempo"], committed["key"]
    assert tempo["all"]["octave"] >= 0.9
    assert tempo["usual"]["either"] >= 0.9
    assert tempo["all"]["largest_error"] <= 0.006
    assert key["all"]["right"] >= 0.8
    assert committed["told_without_one"] == {"tempo": [], "key": []}
    assert max(committed["loudness_error"].values()) <= 0.1
