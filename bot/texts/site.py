"""Texts of the frame that the web platform's pages share; each page has a module of its own."""

from collections.abc import Mapping
from typing import Final

ONE_MOMENT: Final = "One moment, please"
"""Title of a page that says that too much was asked."""

FRAME: Final[Mapping[str, str]] = {
    "name": "Soundslike",
    "skip_to_content": "Skip to the content",
    "pages": "Pages",
    "compare": "Compare",
    "what_if": "What if",
    "search": "Search for a song",
    "placeholder": "A song, an artist or a link",
    "search_send": "Search",
    "disputes": "Or press a famous dispute:",
}
"""What the templates know as `say`."""
