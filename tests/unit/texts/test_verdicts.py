"""The verdict in words, with where the song is filed: every combination, nothing said twice."""

from dataclasses import replace

import pytest

from bot import texts
from bot.domain.cards import LEANS, Answer
from bot.domain.filing import FiledUnder
from model.classifier import Prediction
from model.sound.heard import Heard
from model.sound.tag_genres import tag_genres
from model.subgenres import Subgenre
from model.verdicts import Verdict
from tests.support.factories import answer, sound_answer, track
from tests.support.fake_listener import heard

PLAIN = Prediction({"country": 0.8, "rock": 0.1, "metal": 0.05, "folk": 0.05}, Verdict.PLAIN, ())
LEANING = Prediction({"country": 0.44, "rock": 0.29, "metal": 0.2}, Verdict.EITHER, ())
BETWEEN = Prediction({"country": 0.42, "rock": 0.38, "metal": 0.2}, Verdict.EITHER, ())
UNSURE = Prediction({"country": 0.3, "rock": 0.25, "metal": 0.2}, Verdict.UNSURE, ())
ALL = {"plain": PLAIN, "leaning": LEANING, "between": BETWEEN, "unsure": UNSURE}

FEW = {"country": 0.5, "folk": 0.3, "metal": 0.1, "rock": 0.1}
"""Probabilities of a model that does not have blues, as the study's lacks ten genres."""


def filed(prediction: Prediction, *genres: str) -> Answer:
    """Return an answer that is filed under these genres, or of which that is unknown."""
    every = {**prediction.genres, "folk": 0.01, "pop": 0.01}
    known = FiledUnder(genres, "musicbrainz") if genres else None
    return answer(prediction=replace(prediction, genres=every), filed_under=known)


def said(found: Answer) -> list[str]:
    """Return the lines of a card from the verdict on, up to the facts."""
    lines = (texts.verdict(found), texts.filed_under(found), texts.sound_opinion(found))
    return [line for line in lines if line]


@pytest.mark.parametrize(
    ("verdict", "genres", "lines"),
    [
        ("plain", (), ["Sounds like country."]),
        ("plain", ("country",), ["Sounds like country.", "Filed under country, too."]),
        (
            "plain",
            ("folk", "country"),
            ["Sounds like country.", "Filed under folk and country."],
        ),
        ("plain", ("folk",), ["Filed under folk, but sounds like country."]),
        ("plain", ("folk", "pop"), ["Filed under folk and pop, but sounds like country."]),
        (
            "plain",
            ("blues",),
            ["Sounds like country.", "Filed under blues, which this model can't tell."],
        ),
        (
            "plain",
            ("folk", "blues"),
            ["Sounds like country.", "Filed under folk and blues; this model can't tell blues."],
        ),
        ("leaning", (), ["Leans country (44 %), then rock."]),
        (
            "leaning",
            ("country",),
            ["Leans country (44 %), then rock.", "Filed under country, too."],
        ),
        (
            "leaning",
            ("country", "folk"),
            ["Leans country (44 %), then rock.", "Filed under country and folk."],
        ),
        (
            "leaning",
            ("rock",),
            ["Leans country (44 %), then rock.", "Filed under rock, not country."],
        ),
        (
            "leaning",
            ("rock", "country"),
            ["Leans country (44 %), then rock.", "Filed under both."],
        ),
        (
            "leaning",
            ("folk", "rock"),
            ["Leans country (44 %), then rock.", "Filed under folk and rock, not country."],
        ),
        ("leaning", ("folk",), ["Filed under folk, but leans country (44 %), then rock."]),
        ("between", (), ["Between country and rock."]),
        ("between", ("country",), ["Between country and rock.", "Filed under country."]),
        ("between", ("country", "rock"), ["Between country and rock.", "Filed under both."]),
        ("between", ("folk",), ["Filed under folk, but sounds like country or rock."]),
        (
            "between",
            ("blues",),
            ["Between country and rock.", "Filed under blues, which this model can't tell."],
        ),
        ("unsure", (), ["Hard to say: country, rock, metal."]),
        ("unsure", ("country",), ["Hard to say: country, rock, metal.", "Filed under country."]),
        ("unsure", ("folk",), ["Hard to say: country, rock, metal.", "Filed under folk."]),
        (
            "unsure",
            ("country", "rock", "metal"),
            ["Hard to say: country, rock, metal.", "Filed under country, rock and metal."],
        ),
        (
            "unsure",
            ("blues",),
            [
                "Hard to say: country, rock, metal.",
                "Filed under blues, which this model can't tell.",
            ],
        ),
    ],
)
def test_verdict_and_filing(verdict: str, genres: tuple[str, ...], lines: list[str]) -> None:
    found = filed(ALL[verdict], *genres)
    assert said(found) == lines
    assert "\n".join(lines) in texts.plain_text(found)


@pytest.mark.parametrize(
    ("verdict", "genres", "lines"),
    [
        ("plain", (), ["Sounds like rock, judged from the sound alone."]),
        (
            "plain",
            ("rock",),
            ["Sounds like rock, judged from the sound alone.", "Filed under rock, too."],
        ),
        (
            "plain",
            ("folk",),
            ["Filed under folk, but sounds like rock, judged from the sound alone."],
        ),
        (
            "either",
            ("folk",),
            ["Filed under folk, but leans rock (60 %), then metal, judged from the sound alone."],
        ),
        (
            "either",
            ("latin",),
            [
                "Leans rock (60 %), then metal, judged from the sound alone.",
                "Filed under latin, which I can't tell by ear.",
            ],
        ),
        ("unsure", ("folk",), ["Hard to say by ear: rock, metal, pop.", "Filed under folk."]),
    ],
)
def test_verdict_by_sound_alone(verdict: str, genres: tuple[str, ...], lines: list[str]) -> None:
    order = {"rock": 0.6, "metal": 0.25, "pop": 0.15} | dict.fromkeys(tag_genres().told, 0.01)
    order |= {"rock": 0.6, "metal": 0.25, "pop": 0.15}
    found = sound_answer(track(), genres=order, verdict=Verdict(verdict))
    known = FiledUnder(genres, "musicbrainz") if genres else None
    assert said(replace(found, filed_under=known)) == lines


@pytest.mark.parametrize(
    ("verdict", "genres", "sound", "lines"),
    [
        (
            "plain",
            ("country",),
            heard(genres={"country": 0.9, "rock": 0.1}, verdict=Verdict.PLAIN),
            ["Sounds like country.", "Filed under country, too.", "Its sound agrees."],
        ),
        (
            "plain",
            (),
            heard(genres=FEW | {"country": 0.1, "pop": 0.9}, verdict=Verdict.UNSURE),
            ["Sounds like country.", "By ear it is hard to say."],
        ),
        (
            "plain",
            ("folk",),
            heard(genres={"pop": 0.9, "country": 0.1}, verdict=Verdict.PLAIN),
            [
                "Filed under folk, but sounds like country, by its figures.",
                "Its sound says pop.",
            ],
        ),
        (
            "leaning",
            ("pop",),
            heard(genres={"pop": 0.9, "country": 0.05, "rock": 0.05}, verdict=Verdict.PLAIN),
            [
                "Filed under pop, but leans country (44 %), then rock, by its figures.",
                "Its sound says pop.",
            ],
        ),
        (
            "between",
            ("country",),
            heard(genres={"pop": 0.9, "country": 0.05, "rock": 0.05}, verdict=Verdict.PLAIN),
            [
                "Between country and rock, by its figures.",
                "Filed under country.",
                "Its sound says pop.",
            ],
        ),
        (
            "unsure",
            ("folk",),
            heard(genres={"pop": 0.9, "country": 0.1}, verdict=Verdict.PLAIN),
            ["Hard to say: country, rock, metal.", "Filed under folk.", "Its sound says pop."],
        ),
    ],
)
def test_verdict_with_the_sound_beside(
    verdict: str, genres: tuple[str, ...], sound: Heard, lines: list[str]
) -> None:
    assert said(replace(filed(ALL[verdict], *genres), heard=sound)) == lines


def test_first_genre_leads_from_one_and_a_half_times_the_second() -> None:
    def verdict(first: float) -> str:
        genres = {"country": first, "rock": 0.2}
        return texts.verdict(answer(prediction=Prediction(genres, Verdict.EITHER, ())))

    assert verdict(0.2 * LEANS) == "Leans country (30 %), then rock."
    assert verdict(0.2 * LEANS - 0.001) == "Between country and rock."


def test_subgenre_follows_the_genre_where_the_filing_disagrees_too() -> None:
    found = replace(filed(PLAIN, "folk"), subgenre=Subgenre("outlaw", "country", 0.8))
    assert texts.verdict(found) == "Filed under folk, but sounds like country, probably outlaw."
