"""What the button "Details" displays: the values of a card's chart, and its small print."""

from typing import Any

from discord import ui

from bot import texts
from bot.domain.cards import Card
from bot.domain.errors import UnknownCard
from bot.domain.sanitize import with_short_names
from bot.platforms.discord import face


def layout(card: Card | None) -> ui.LayoutView:
    """Return the layout of the details of a card; None stands for one that is not known."""
    text = texts.failure(UnknownCard("")) if card is None else _text(card)
    return ui.LayoutView(timeout=None).add_item(ui.TextDisplay[Any](text))


def _text(card: Card) -> str:
    answer = with_short_names(card.answer)
    *values, small_print = texts.unbroken(texts.details(answer)).split("\n")
    return "\n".join([f"**{face.heading(answer)}**", *values, f"-# {small_print}"])
