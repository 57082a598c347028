"""The words of a card as the page receives them: emoji, figures on one line, details."""

from typing import Any

import pytest

from bot import texts
from bot.domain.cards import Card
from bot.domain.filing import FiledUnder
from bot.domain.tracks import AudioFeatures
from bot.domain.votes import Ballot
from bot.platforms.web import present
from model.classifier import Prediction
from model.verdicts import Verdict
from tests.support.factories import answer

ODDS = {"rock": 0.44, "pop": 0.28, "folk": 0.18, "jazz": 0.1}


def sent(verdict: Verdict, filed: str | None = None, **fields: Any) -> present.Json:
    prediction = Prediction(ODDS, verdict, ())
    filed_under = FiledUnder((filed,), "tables") if filed else None
    said = answer(prediction=prediction, filed_under=filed_under, **fields)
    return present.card(Card(1, said), Ballot(), {})


@pytest.mark.parametrize(
    ("verdict", "filed", "start", "emoji"),
    [
        (Verdict.PLAIN, None, "Sounds like rock", "🎸"),
        (Verdict.PLAIN, "rock", "Sounds like rock", "🎸"),
        (Verdict.EITHER, None, "Leans rock", "🎸"),
        (Verdict.EITHER, "pop", "Leans rock", "🎸"),
        (Verdict.PLAIN, "jazz", "Filed under jazz, but sounds like rock", ""),
        (Verdict.EITHER, "jazz", "Filed under jazz, but leans rock", ""),
        (Verdict.UNSURE, None, "Hard to say", ""),
        (Verdict.UNSURE, "rock", "Hard to say", ""),
        (Verdict.UNSURE, "jazz", "Hard to say", ""),
    ],
)
def test_emoji_is_that_of_the_genre_with_which_the_verdict_begins(
    verdict: Verdict, filed: str | None, start: str, emoji: str
) -> None:
    card = sent(verdict, filed)
    assert card["verdict"].startswith(start)
    assert card["emoji"] == emoji


def test_no_line_of_a_card_ends_between_a_figure_and_its_unit() -> None:
    card = sent(Verdict.EITHER)
    assert card["verdict"] == "Leans rock (44\N{NO-BREAK SPACE}%), then pop."
    assert "136\N{NO-BREAK SPACE}BPM" in card["facts"]
    assert "Tempo: 136\N{NO-BREAK SPACE}BPM" in card["details"]


def test_details_are_those_of_the_other_chats_line_by_line() -> None:
    said = answer()
    card = present.card(Card(1, said), Ballot(), {})
    assert card["details"] == texts.unbroken(texts.details(said)).split("\n")
    assert "Danceability: 0.88" in card["details"]
    assert "Model: wide 1a2b3c4d." in card["details"][-1]
    unknown = sent(Verdict.PLAIN, features=AudioFeatures({}, {}))
    assert len(unknown["details"]) == 1
