"""Short names of two songs that tell them apart in sentences."""

import unicodedata
from typing import Final, NamedTuple

from bot.domain.sanitize import one_line
from bot.domain.tracks import Track
from bot.texts.card import headline, title
from bot.texts.web_page import song_name

MAX_NAME: Final = 48
"""Characters of a song's name in a sentence about two."""

ISOLATE: Final = "\N{FIRST STRONG ISOLATE}{}\N{POP DIRECTIONAL ISOLATE}"
"""Keeps a name that is written from right to left from turning the words around it (UAX #9)."""

_RIGHT_TO_LEFT: Final = frozenset({"R", "AL"})


class Names(NamedTuple):
    """What two songs are called."""

    first: str
    second: str


def names(first: Track, second: Track) -> Names:
    """Return the songs' names without notes, or as much more as tells them apart."""
    for name in (song_name, title, headline):
        found = Names(*(one_line(name(track), MAX_NAME) for track in (first, second)))
        if found.first.casefold() != found.second.casefold():
            return Names(*map(_isolated, found))
    return Names("the first one", "the second one")


def _isolated(name: str) -> str:
    is_mixed = any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in name)
    return ISOLATE.format(name) if is_mixed else name
