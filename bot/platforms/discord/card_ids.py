"""Custom ids of the buttons and the menu under a card: each contains the card's id.

By them a card is recognised in a message, and they work after a restart.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

CARD: Final = r"(?P<card>[0-9]{1,18})"

MENU: Final = rf"genre:{CARD}"
VOTE: Final = rf"vote:{CARD}:(?P<genre>[a-z&-]{{1,40}})"
TAKE_BACK: Final = rf"unvote:{CARD}:(?P<message>[0-9]{{1,20}})"
DETAILS: Final = rf"details:{CARD}"
SAVE: Final = rf"save:{CARD}"
"""Patterns of custom ids; all but that of `take_back` stand under a card itself."""

_UNDER_A_CARD: Final = [re.compile(pattern) for pattern in (MENU, VOTE, DETAILS, SAVE)]


def menu(card_id: int) -> str:
    """Return the id of the menu under a card."""
    return f"genre:{card_id}"


def vote(card_id: int, genre: str) -> str:
    """Return the id of the button that votes for a genre."""
    return f"vote:{card_id}:{genre}"


def take_back(card_id: int, message_id: str | None) -> str:
    """Return the id of the button that takes a vote back; the message displays the card."""
    return f"unvote:{card_id}:{message_id or 0}"


def details(card_id: int) -> str:
    """Return the id of the button that displays a card's small print."""
    return f"details:{card_id}"


def save(card_id: int) -> str:
    """Return the id of the button that asks for a card's picture."""
    return f"save:{card_id}"


def cards_in(components: Iterable[Any]) -> set[int]:
    """Return the ids of the cards that received components belong to; at most one in a message."""
    custom_ids = [str(getattr(part, "custom_id", "")) for part in walk(components)]
    found = (pattern.fullmatch(one) for pattern in _UNDER_A_CARD for one in custom_ids)
    return {int(match["card"]) for match in found if match}


def walk(components: Iterable[Any]) -> Iterator[Any]:
    """Yield received components and those in them."""
    for component in components:
        yield component
        yield from walk(getattr(component, "children", ()))
