"""Reasons as plain traits of a song, alone and in a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import texts
from bot.domain.tracks import AudioFeatures
from model.classifier import Prediction
from model.percentiles import median
from model.reasons import Reason
from model.schema import BY_NAME, NAMES
from model.verdicts import Verdict
from tests.support.factories import answer, prediction, sound_answer

LONGEST = 41


def reason(feature: str, value: float) -> Reason:
    return Reason(feature, value, median(feature) if feature in NAMES else 2013.0, 1.0)


@pytest.mark.parametrize(
    ("feature", "value", "trait"),
    [
        ("danceability", 0.88, "very danceable: more than 9 of 10 songs"),
        ("danceability", 0.75, "more danceable than 8 of 10 songs"),
        ("danceability", 0.71, "more danceable than 7 of 10 songs"),
        ("danceability", 0.1, "harder to dance to than 9 of 10 songs"),
        ("energy", 0.98, "very energetic: more than 9 of 10 songs"),
        ("energy", 0.42, "calmer than 7 of 10 songs"),
        ("energy", 0.0, "very calm: more than 9 of 10 songs"),
        ("acousticness", 0.95, "very acoustic: more than 9 of 10 songs"),
        ("acousticness", 0.001, "hardly acoustic"),
        ("speechiness", 0.1, "some rap or speech"),
        ("speechiness", 0.3, "rap or much speech"),
        ("instrumentalness", 0.9, "almost no singing"),
        ("instrumentalness", 0.6, "little singing"),
        ("liveness", 0.9, "sounds like a live recording"),
        ("valence", 0.95, "very cheerful: more than 9 of 10 songs"),
        ("valence", 0.05, "darker in mood than 9 of 10 songs"),
        ("tempo", 136.04, "fast, 136 BPM"),
        ("tempo", 71.0, "slow, 71 BPM"),
        ("tempo", 91.0, "rather slow, 91 BPM"),
        ("loudness", -2.0, "very loud: more than 9 of 10 songs"),
        ("loudness", -20.0, "very quiet: more than 9 of 10 songs"),
        ("mode", 0.0, "in a minor key"),
        ("duration_ms", 432_000.0, "long, 7:12"),
        ("duration_ms", 157_067.0, "short, 2:37"),
        ("year", 1975.0, "from 1975"),
    ],
)
def test_trait(feature: str, value: float, trait: str) -> None:
    assert texts.reason(reason(feature, value)) == trait
    assert texts.reasons(answer(reasons=(reason(feature, value),))) == (trait,)


@given(feature=st.sampled_from(NAMES), position=st.floats(0, 1))
def test_trait_of_any_value_is_short_or_there_is_none(feature: str, position: float) -> None:
    schema = BY_NAME[feature]
    value = schema.low + position * (schema.high - schema.low)
    value = float(round(value)) if schema.whole else value
    for trait in texts.reasons(answer(reasons=(reason(feature, value),))):
        assert 4 <= len(trait) <= LONGEST
        assert "0 of 10" not in trait
        assert "10 of 10" not in trait


def test_traits_are_three_in_order_without_inaudible_ones() -> None:
    reasons = [
        reason(*one)
        for one in (
            ("valence", 0.72),
            ("mode", 0.0),
            ("key", 3.0),
            ("energy", 0.98),
            ("tempo", 150.0),
            ("year", 1960.0),
        )
    ]
    found = answer(reasons=tuple(reasons))
    assert texts.traits(found) == (
        "in a minor key",
        "very energetic: more than 9 of 10 songs",
        "fast, 150 BPM",
    )
    assert texts.why(found) == (
        "Why country: in a minor key, very energetic (more than 9 of 10 songs) and fast."
    )


@pytest.mark.parametrize("verdict", [Verdict.PLAIN, Verdict.EITHER])
def test_why_names_its_genre(verdict: Verdict) -> None:
    assert texts.why(answer(prediction=prediction(verdict=verdict))) == (
        "Why country: very danceable (more than 9 of 10 songs) and some rap or speech."
    )


def test_of_two_genres_alike_none_is_explained_as_if_it_were_first() -> None:
    between = Prediction({"country": 0.42, "rock": 0.38}, Verdict.EITHER, ())
    assert texts.why(answer(prediction=between)) == (
        "What speaks for country: very danceable (more than 9 of 10 songs) and some rap or speech."
    )


def test_unsure_verdict_has_no_reasons_but_what_stands_out() -> None:
    unsure = answer(prediction=prediction(verdict=Verdict.UNSURE))
    assert texts.why(unsure) == (
        "What stands out: very danceable (more than 9 of 10 songs), some rap or speech and short."
    )


@pytest.mark.parametrize("reasons", [(), (Reason("valence", 0.72, 0.5, 0.4),)])
def test_card_without_reasons_says_what_stands_out(reasons: tuple[Reason, ...]) -> None:
    bare = answer(reasons=reasons)
    assert texts.reasons(bare) == ()
    assert texts.why(bare).startswith("What stands out: very danceable")
    assert "Why" not in texts.plain_text(bare)


def test_traits_are_the_reasons_and_then_what_else_stands_out_least_usual_first() -> None:
    values = {"energy": 0.99, "valence": 0.97, "mode": 0.0, "tempo": 136.0, "liveness": 0.2}
    features = AudioFeatures.from_source(values, "sample")
    found = texts.traits(answer(features=features, reasons=(reason("tempo", 136.0),)))
    assert found == (
        "fast, 136 BPM",
        "very energetic: more than 9 of 10 songs",
        "very cheerful: more than 9 of 10 songs",
    )


def test_usual_song_has_no_traits_and_no_empty_sentence() -> None:
    features = AudioFeatures.from_source({name: median(name) for name in NAMES}, "sample")
    usual = answer(features=features, reasons=())
    assert texts.traits(usual) == ()
    assert texts.why(usual) == ""
    assert "\n\n\n" not in texts.plain_text(usual)


def test_answer_by_sound_alone_has_no_traits() -> None:
    assert texts.traits(sound_answer()) == ()
