"""What the button "Details" displays: the small print of a card, and the values of its chart."""

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
    values = [
        f"{texts.LABELS[name]}: {texts.format_feature(name, value)}"
        for name, value in answer.features.values.items()
    ]
    small_print = f"-# {texts.small_print(answer)}"
    return "\n".join([f"**{face.heading(answer)}**", *values, small_print])
