"""The small print: source of each feature, what is missing, prior, models."""

import pytest

from bot import texts
from bot.domain.tracks import AudioFeatures
from model.classifier import Prediction
from model.percentiles import song_count
from model.verdicts import Verdict
from tests.support.factories import VALUES, answer, track

KNOWN = {name: VALUES[name] for name in ("energy", "tempo", "loudness", "valence", "liveness")}


def features(**sources: str) -> AudioFeatures:
    """Return features from ReccoBeats but for those given."""
    return AudioFeatures(KNOWN, dict.fromkeys(KNOWN, "reccobeats") | sources)


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (features(), "Features from ReccoBeats."),
        (
            features(tempo="deezer", loudness="deezer"),
            "Tempo and loudness from Deezer; all else from ReccoBeats.",
        ),
        (
            features(tempo="deezer", loudness="audio"),
            "Tempo from Deezer; loudness from the sound itself; all else from ReccoBeats.",
        ),
        (features(tempo="other"), "Tempo from other; all else from ReccoBeats."),
    ],
)
def test_source_of_each_feature_is_named(found: AudioFeatures, sentence: str) -> None:
    assert texts.small_print(answer(features=found)).startswith(f"{sentence} Not known where")


def test_answer_without_features_names_no_source_of_them() -> None:
    bare = answer(features=AudioFeatures.from_source({}, "x"))
    assert texts.small_print(bare).startswith("Not known where it is filed.")


def test_missing_features_the_year_and_the_prior_are_said() -> None:
    counted = Prediction({"rock": 1.0}, Verdict.PLAIN, ("key", "mode"), True, "popular")  # noqa: FBT003
    small = texts.small_print(answer(subject=track(year=1985), prediction=counted))
    assert "Not known: key and mode. Its year counted: 1985." in small
    assert small.endswith("Prior: popular music. Model: wide 1a2b3c4d.")
    plain = texts.small_print(answer(subject=track(year=1985)))
    assert "1985" not in plain
    assert "Prior" not in plain
    assert "Not known:" not in plain


def test_figures_are_explained() -> None:
    small = texts.small_print(answer())
    assert f"Compared with the {song_count():,} songs of the training tables." in small
    assert "Percentages say how sure the model is" in small


def test_it_is_the_last_line_in_a_terminal() -> None:
    assert texts.plain_text(answer()).splitlines()[-1] == texts.small_print(answer())


def test_details_are_each_value_then_the_small_print() -> None:
    found = answer(features=features())
    assert texts.details(found).splitlines() == [
        "Energy: 0.62",
        "Tempo: 136 BPM",
        "Loudness: \N{MINUS SIGN}5.6 dB",
        "Happiness: 0.64",
        "Live: 0.11",
        texts.small_print(found),
    ]


def test_details_without_values_are_the_small_print() -> None:
    bare = answer(features=AudioFeatures.from_source({}, "x"))
    assert texts.details(bare) == texts.small_print(bare)
