from typing import Any

import discord
import pytest
from discord.components import _component_factory
from discord.http import handle_message_parameters

from bot.domain.cards import Card
from bot.platforms.discord import present
from tests.support import factories

TEXT = {"type": 10, "content": "Heroes"}


def gallery(**media: Any) -> dict[str, Any]:
    """Return the gallery with a card's chart, as Discord returns it."""
    url = "https://cdn.discordapp.com/attachments/1/2/chart.png?ex=1"
    return {"type": 12, "items": [{"media": {"url": url, **media}, "description": "A chart"}]}


def received(*parts: dict[str, Any]) -> list[discord.Component]:
    container: Any = {"type": 17, "components": list(parts)}
    component = _component_factory(container)
    assert component
    return [component]


def test_edit_lists_the_uploaded_chart_instead_of_sending_it_again() -> None:
    chart = present.uploaded_chart(received(TEXT, gallery(attachment_id="7001"), TEXT))
    assert chart
    view = present.card(Card(1, factories.answer()), {"jazz": 1}, chart=True)
    edit = handle_message_parameters(view=view, attachments=[chart])  # type: ignore[list-item] # only its to_dict is used
    assert edit.payload
    assert edit.payload["attachments"] == [{"id": 7001, "filename": "chart.png"}]
    assert "attachment://chart.png" in str(edit.payload["components"])
    assert not edit.files


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param((TEXT,), id="no picture"),
        pytest.param((TEXT, gallery()), id="a picture from elsewhere"),
    ],
)
def test_card_without_an_uploaded_chart_has_none(parts: tuple[dict[str, Any], ...]) -> None:
    assert present.uploaded_chart(received(*parts)) is None
