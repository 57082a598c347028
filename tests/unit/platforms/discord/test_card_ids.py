"""Custom ids of what stands under a card, and the cards that are recognised by them."""

import re
from typing import Any

import pytest
from discord import ui
from discord.components import _component_factory
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cards import Card
from bot.domain.emoji import GENRES
from bot.platforms.discord import card_ids, present
from tests.support import factories

MAX_CUSTOM_ID = 100
CARD_IDS = st.integers(1, 10**18 - 1)
SNOWFLAKES = st.integers(1, 2**64 - 1).map(str)


def received(view: Any) -> list[Any]:
    """Return the components of a layout as those of a message."""
    return [_component_factory(one) for one in view.to_components()]


@given(CARD_IDS, st.sampled_from(sorted(GENRES)), SNOWFLAKES)
def test_ids_name_their_card_within_discords_limit(card: int, genre: str, message: str) -> None:
    ids = [
        (card_ids.MENU, card_ids.menu(card)),
        (card_ids.VOTE, card_ids.vote(card, genre)),
        (card_ids.TAKE_BACK, card_ids.take_back(card, message)),
        (card_ids.DETAILS, card_ids.details(card)),
        (card_ids.SAVE, card_ids.save(card)),
    ]
    for pattern, custom_id in ids:
        match = re.fullmatch(pattern, custom_id)
        assert match
        assert int(match["card"]) == card
        assert len(custom_id) <= MAX_CUSTOM_ID
        assert [one for one, _ in ids if re.fullmatch(one, custom_id)] == [pattern]


@pytest.mark.parametrize("hidden", [False, True])
def test_card_is_recognised_in_its_layout(*, hidden: bool) -> None:
    view = present.card(Card(7, factories.answer()), {}, chart=True, hidden=hidden)
    assert card_ids.cards_in(received(view)) == {7}


def test_card_is_recognised_by_any_of_its_buttons() -> None:
    whole = present.card(Card(7, factories.answer()), {}, chart=False)
    rows = [part for part in whole.walk_children() if isinstance(part, ui.ActionRow)]
    assert len(rows) == 3
    for row in rows:
        view = ui.LayoutView()
        view.add_item(row)
        assert card_ids.cards_in(received(view)) == {7}


@pytest.mark.parametrize("stands", [False, True])
def test_receipt_displays_no_card(*, stands: bool) -> None:
    view = present.receipt("Your vote", 7, "1", stands=stands)
    assert card_ids.cards_in(received(view)) == set()
