"""Bounds of the names and addresses that sources give."""

from collections.abc import Iterable
from itertools import islice
from typing import Final

from bot.domain.text import shorten, storable
from bot.domain.tracks import MAX_ARTISTS, MAX_TITLE_LENGTH

MAX_ID_LENGTH: Final = 64
"""Characters of an identifier; longer ones are none of a track."""

MAX_ADDRESS_LENGTH: Final = 2000
"""Characters of an address: Discord accepts 2048, Slack 3000."""


def name(text: object) -> str:
    """Return a title or an artist's name, shortened to `MAX_TITLE_LENGTH` characters.

    Characters that no database and no chat takes (NUL, halves of surrogate pairs) are replaced.
    """
    return shorten(storable(str(text)), MAX_TITLE_LENGTH)


def names(texts: Iterable[object]) -> tuple[str, ...]:
    """Return the first `MAX_ARTISTS` names, each shortened."""
    return tuple(name(text) for text in islice(texts, MAX_ARTISTS))


def identifier(value: object) -> str | None:
    """Return an identifier; None if it is no text, or too long for one."""
    return value if isinstance(value, str) and len(value) <= MAX_ID_LENGTH else None


def address(value: object) -> str | None:
    """Return an address; None if it is no text, or too long for one."""
    return value if isinstance(value, str) and len(value) <= MAX_ADDRESS_LENGTH else None
