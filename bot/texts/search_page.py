"""Texts of searches on the web platform: the page of results, and suggestions while typing."""

from collections.abc import Mapping
from typing import Final

from bot.domain.links import KINDS, SHORT, Link
from bot.domain.sanitize import one_line
from bot.domain.tracks import SubjectKind
from bot.texts.replies import unsupported_link
from bot.texts.services import LINK, NAMES, SOME, SUBJECTS
from bot.texts.web_page import WHAT_IS_IT

WORDS: Final[Mapping[str, str]] = {
    "title": "Search",
    "hint": f"Type a song or an artist, or paste {LINK}.",
}
"""What the template of the page knows as `words`."""

START: Final = WHAT_IS_IT
"""Heading of the page before anything was searched for."""

EMPTY: Final = "Type a song, an artist or a link, and I look for it."
TOO_LONG: Final = "That is too long to search for. A title and an artist are enough."
UNKNOWN_LINK: Final = f"I don't know that link. I know those to {SUBJECTS} {SOME}."
SHORT_LINK: Final = "short link; I open it to see where it leads"

_SUBJECTS: Final = frozenset(SubjectKind)


def link_label(link: Link) -> str:
    """Return what a link is, as in "Spotify track"; a sentence if it is not answered."""
    if link.kind == SHORT:
        return f"{NAMES[link.service]} {SHORT_LINK}"
    if link.kind in KINDS and link.kind not in _SUBJECTS:
        return unsupported_link(link.kind)
    return f"{NAMES[link.service]} {link.kind}"


def artist_label(name: str) -> str:
    """Return the suggestion of an artist."""
    return f"{one_line(name)} (artist)"


ARTIST: Final = "Artist: what the best-known songs sound like"
"""Stands below an artist's name, where songs have their artists."""


def count(suggestions: int) -> str:
    """Return how many suggestions there are, for screen readers."""
    if not suggestions:
        return "No suggestions."
    return "1 suggestion." if suggestions == 1 else f"{suggestions} suggestions."
