"""A title that cannot be seen is shown as "(no title)" on every platform, and in a terminal."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from bot import texts
from bot.domain.cards import Card
from bot.domain.votes import Ballot
from bot.platforms.discord import escaping
from bot.platforms.discord import present as discord
from bot.platforms.slack import present_card as slack
from bot.platforms.web import present as web
from tests.support.factories import answer, track


def discord_components(card: Card) -> Any:
    view: Any = discord.card(card, {}, chart=True)
    return view.to_components()


SHOWN: Mapping[str, Callable[[Card], object]] = {
    "Discord": discord_components,
    "Discord in plain text": discord.plain,
    "Discord's choices": lambda card: escaping.choice_name(card.answer.subject),
    "Slack": lambda card: slack.card(card, {}),
    "Slack's notification": lambda card: slack.line(card.answer),
    "web page": lambda card: web.card(card, Ballot(), {}),
    "alternative text": lambda card: texts.alt(card.answer),
    "terminal": lambda card: texts.plain_text(card.answer),
}


@pytest.mark.parametrize("show", SHOWN.values(), ids=SHOWN)
@pytest.mark.parametrize("title", ["\u3164", "\u2800", "\u200b\u2066", "\U000e0041"])
def test_title_that_cannot_be_seen_is_named(show: Callable[[Card], object], title: str) -> None:
    shown = show(Card(1, answer(subject=track(title=title, artists=("A",)))))
    text = json.dumps(shown, ensure_ascii=False) if not isinstance(shown, str) else shown
    assert "(no title)" in text.replace("\u200b", "").replace("\\", "")
