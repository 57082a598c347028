"""What is said where sound, figures and filing disagree or cannot be compared."""

from dataclasses import replace

import pytest

from bot import texts
from bot.domain.cards import Answer
from bot.domain.filing import Agreement, FiledUnder
from model.classifier import Prediction
from model.sound.heard import Heard
from model.sound.tag_genres import tag_genres
from model.subgenres import Subgenre
from model.verdicts import Verdict
from tests.support.factories import answer, prediction, sound_answer, track
from tests.support.fake_listener import heard

TOLD = {"rock": 0.6} | dict.fromkeys(tag_genres().told[1:], 0.04)
"""Probabilities of all genres that can be told from sound."""


def both(best: str, verdict: Verdict, sound: Heard) -> Answer:
    """Return an answer by features, with what was heard besides."""
    return replace(answer(prediction=prediction(best, verdict)), heard=sound)


def test_figures_that_the_sound_contradicts_are_said_to_be_figures_once() -> None:
    country = heard(
        genres=dict(sorted(TOLD.items(), key=lambda one: one[0] != "country")),
        verdict=Verdict.PLAIN,
    )
    found = replace(
        both("rock", Verdict.PLAIN, country), filed_under=FiledUnder(("country",), "musicbrainz")
    )
    assert texts.plain_text(found).splitlines()[3:5] == [
        "Filed under country, but sounds like rock, by its figures.",
        "Its sound says country.",
    ]
    finer = replace(found, subgenre=Subgenre("grunge", "rock", 0.8))
    assert texts.verdict(replace(finer, filed_under=None)) == (
        "Sounds like rock, probably grunge, by its figures."
    )


@pytest.mark.parametrize(
    ("genres", "sentence"),
    [
        (("latin",), "Filed under latin, which I can't tell by ear."),
        (("latin", "reggae"), "Filed under latin and reggae, which I can't tell by ear."),
        (("pop", "latin"), "Filed under pop and latin; I can't tell latin by ear."),
        (("rock", "latin"), "Filed under rock and latin."),
    ],
)
@pytest.mark.parametrize("verdict", ["plain", "unsure"])
def test_sound_does_not_contradict_a_genre_that_it_cannot_tell(
    genres: tuple[str, ...], sentence: str, verdict: str
) -> None:
    alone = sound_answer(track(), genres=TOLD, verdict=Verdict(verdict))
    found = replace(alone, filed_under=FiledUnder(genres, "musicbrainz"))
    if "pop" in genres and verdict == "unsure":
        sentence = "Filed under pop and latin."
    assert texts.filed_under(found) == sentence
    assert found.agreement is not Agreement.DISAGREES


def test_model_does_not_contradict_a_genre_that_it_does_not_have() -> None:
    study = replace(
        answer(), prediction=Prediction({"rock": 0.9, "hip-hop": 0.1}, Verdict.PLAIN, ())
    )
    found = replace(study, filed_under=FiledUnder(("folk",), "musicbrainz"))
    assert texts.filed_under(found) == "Filed under folk, which this model can't tell."


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        (("rock",), "Its figures and its sound agree."),
        (("country",), "Its sound says rock; its figures say country."),
        (("country", "rock"), "Its sound says rock; its figures say country or rock."),
        (("latin",), "Its sound says rock; its figures say latin (I can't tell latin by ear)."),
        (("country", "folk", "pop"), "Its sound says rock; its figures alone do not tell."),
    ],
)
def test_sound_that_changed_the_prediction_is_compared_with_the_figures_alone(
    numbers: tuple[str, ...], sentence: str
) -> None:
    sound = heard(genres=TOLD, verdict=Verdict.PLAIN)
    found = replace(both("rock", Verdict.PLAIN, sound), by_numbers=numbers)
    assert texts.sound_opinion(found) == sentence
    assert texts.verdict(found) == "Sounds like rock."
    filed = replace(found, filed_under=FiledUnder(("folk",), "musicbrainz"))
    assert texts.verdict(filed) == "Filed under folk, but sounds like rock."
    assert texts.filed_under(filed) == ""
