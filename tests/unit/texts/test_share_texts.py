"""Words on the picture of a card."""

import pytest

from bot.domain.filing import FiledUnder
from bot.domain.tracks import AudioFeatures
from bot.texts import share
from model.classifier import Prediction
from model.percentiles import median
from model.reasons import Reason
from model.schema import NAMES
from model.verdicts import Verdict
from tests.support import factories


def said(phrases: tuple[share.Phrase, ...]) -> str:
    return "".join(phrase.text for phrase in phrases)


@pytest.mark.parametrize(
    ("verdict", "genres", "sounds"),
    [
        (Verdict.PLAIN, {"rock": 0.7, "pop": 0.2}, "rock 70 %"),
        (Verdict.EITHER, {"r&b": 0.44, "pop": 0.29}, "r&b 44 %"),
        (Verdict.EITHER, {"rock": 0.41, "pop": 0.38}, "rock 41 %, pop 38 %"),
        (Verdict.EITHER, {"rock": 1.0}, "rock 100 %"),
        (Verdict.UNSURE, {"rock": 0.2, "pop": 0.19, "folk": 0.1}, "hard to say"),
    ],
)
def test_what_a_song_sounds_like_fits_the_verdict(
    verdict: Verdict, genres: dict[str, float], sounds: str
) -> None:
    assert (
        said(share.sounds(factories.answer(prediction=Prediction(genres, verdict, ())))) == sounds
    )


def test_filed_genres_are_a_list() -> None:
    answer = factories.answer(filed_under=FiledUnder(("rock", "pop"), "tables"))
    assert said(share.filed(answer)) == "rock, pop"
    assert [phrase.genre for phrase in share.filed(answer)] == ["rock", None, "pop"]
    assert share.filed(factories.answer()) == ()


def test_the_alternative_text_says_all_of_it() -> None:
    answer = factories.answer(
        filed_under=FiledUnder(("rock",), "tables"),
        reasons=(Reason("danceability", 0.95, 0.6, 0.9),),
    )
    text = share.alt(answer, {"jazz": 2})
    names = "Old Town Road - Remix \N{EN DASH} Lil Nas X, Billy Ray Cyrus."
    assert text.startswith(f"{names} Filed: rock. Sounds: country 64 %.")
    assert " 64 %. Very danceable: more than 9 of 10 songs; " in text
    assert text.endswith(". 2 say jazz.")


def test_the_alternative_text_without_traits_has_no_empty_sentence() -> None:
    features = AudioFeatures.from_source({name: median(name) for name in NAMES}, "sample")
    usual = factories.answer(features=features, reasons=())
    assert share.alt(usual, {}).endswith(" Sounds: country 64 %.")
