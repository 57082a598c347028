"""Sentences for people about what the model learned from their corrections."""

from typing import Final

from bot.domain.sanitize import one_line
from bot.domain.tracks import Track
from bot.texts.card import title

MAX_TITLE: Final = 80
"""Characters of a song's title in a sentence."""


def learned(track: Track, genre: str) -> str:
    """Return what a person learns of a song that they corrected."""
    name = one_line(title(track), MAX_TITLE)
    return f"The song you corrected, “{name}”, is now answered your way: {genre}."
