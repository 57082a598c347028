"""Words of the page "what if"."""

import pytest

from bot.domain.what_if import Correction, CorrectionKind
from bot.texts import what_if as words
from model.schema import INPUT_NAMES


@pytest.mark.parametrize(
    ("feature", "value", "is_higher", "said"),
    [
        ("danceability", 0.71, True, "More danceable (0.71): hip-hop"),
        ("tempo", 92.0, False, "Slower (92 BPM): hip-hop"),
        ("duration_ms", 200_000.0, True, "Longer (3:20): hip-hop"),
        ("year", 1987.0, False, "Earlier (1987): hip-hop"),
        ("key", 6.0, True, "In F♯: hip-hop"),
        ("mode", 0.0, False, "In minor: hip-hop"),
    ],
)
def test_turning_point_in_words(feature: str, value: float, *, is_higher: bool, said: str) -> None:
    assert words.turning_point(feature, value, "hip-hop", is_higher=is_higher) == said


@pytest.mark.parametrize("kind", list(CorrectionKind))
def test_each_correction_has_a_sentence(kind: CorrectionKind) -> None:
    sentence = words.correction(Correction(kind, "tempo", 500.0))
    assert sentence.endswith(".")
    assert "{" not in sentence


def test_each_input_has_a_name_and_a_value_in_words() -> None:
    for name in INPUT_NAMES:
        assert words.label(name)
        assert words.value(name, None) == "unknown"
        assert words.value(name, 1.0)
    assert words.value("year", 2014.0) == "2014"


def test_chart_is_described_with_what_changed() -> None:
    said = words.chart({"danceability": 0.88, "energy": 0.5}, {"danceability": 0.6, "energy": 0.5})
    assert said.startswith("danceability 0.88 (was 0.60), energy 0.50, speech unknown,")
