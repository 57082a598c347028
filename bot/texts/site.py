"""Texts of the frame that the web platform's pages share; each page has a module of its own."""

from collections.abc import Mapping
from typing import Final

NOT_FOUND: Final = "Not found"
ONE_MOMENT: Final = "One moment, please"
"""Titles of pages that say what went wrong."""

FRAME: Final[Mapping[str, str]] = {
    "name": "Soundslike",
    "skip_to_content": "Skip to the content",
    "pages": "Pages",
    "compare": "Compare",
    "what_if": "What if",
    "search": "Search for a song",
    "search_placeholder": "A song, an artist or a link",
    "search_send": "Search",
}
"""What the templates know as `say`."""
