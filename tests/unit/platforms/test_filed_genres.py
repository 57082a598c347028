"""A filed genre has a bar on every platform, however improbable, and its source is named."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from bot import texts
from bot.domain.cards import Card
from bot.domain.filing import FiledUnder
from bot.domain.votes import Ballot
from bot.platforms.discord import present as discord
from bot.platforms.slack import present_card as slack
from bot.platforms.web import present as web
from model.classifier import Prediction
from model.genres import WIDE
from model.verdicts import Verdict
from tests.support.factories import answer

FALLING = Prediction({genre: 0.6 / 2**rank for rank, genre in enumerate(WIDE)}, Verdict.PLAIN, ())
LEAST = WIDE[-1]


def discord_texts(card: Card) -> str:
    """Return the text of a card without a chart, without the genre menu."""
    view: Any = discord.card(card, {}, chart=False)
    (box,) = view.to_components()
    return json.dumps([part for part in box["components"] if part["type"] == 10])


def slack_texts(card: Card) -> str:
    """Return the text of a card, without the genre menu."""
    return json.dumps([block for block in slack.card(card, {}) if block["type"] != "actions"])


BARS: Mapping[str, Callable[[Card], str]] = {
    "Discord": discord_texts,
    "Discord in plain text": discord.plain,
    "Slack": slack_texts,
    "Slack in plain text": lambda card: slack.plain_text(card.answer),
    "web page": lambda card: json.dumps(web.card(card, Ballot(), {})["genres"]),
    "alternative text": lambda card: texts.alt(card.answer),
    "terminal": lambda card: texts.plain_text(card.answer),
}


@pytest.mark.parametrize("show", BARS.values(), ids=BARS)
def test_a_filed_genre_has_a_bar_and_others_that_improbable_have_none(
    show: Callable[[Card], str],
) -> None:
    filed = answer(prediction=FALLING, filed_under=FiledUnder((LEAST,), "musicbrainz"))
    assert LEAST in show(Card(1, filed))
    assert WIDE[-2] not in show(Card(1, filed))
    assert LEAST not in show(Card(1, answer(prediction=FALLING)))


@pytest.mark.parametrize("name", sorted({*BARS} - {"terminal", "Slack in plain text"}))
def test_who_files_the_track_is_in_the_small_print_which_is_not_on_the_face(name: str) -> None:
    filed = answer(prediction=FALLING, filed_under=FiledUnder((LEAST,), "musicbrainz"))
    assert "Filed by MusicBrainz." in texts.small_print(filed)
    assert "MusicBrainz" not in BARS[name](Card(1, filed))
