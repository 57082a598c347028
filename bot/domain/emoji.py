"""Emoji that are used as reactions, and the votes they stand for."""

from collections.abc import Mapping
from typing import Final

from bot.domain.votes import VoteKind

RIGHT: Final = "✅"
"""Reaction that confirms the predicted genre."""

DELETE: Final = "🗑️"
"""Reaction with which the person who asked deletes a reply."""

GENRES: Final[Mapping[str, str]] = {
    "rock": "🎸",
    "metal": "🤘",
    "pop": "🎤",
    "hip-hop": "🧢",
    "r&b": "💜",
    "electronic": "🎛️",
    "country": "🤠",
    "folk": "🪕",
    "jazz": "🎷",
    "blues": "💙",
    "classical": "🎻",
    "latin": "💃",
    "reggae": "🌴",
}
"""Emoji of every genre that a correction may name."""

VARIATION_SELECTOR: Final = "\ufe0f"
SKIN_TONES: Final = "".join(map(chr, range(0x1F3FB, 0x1F400)))


def parse_reaction(emoji: str) -> tuple[VoteKind, str | None] | None:
    """Return the kind of vote and the genre that a reaction stands for; None if it is no vote.

    Skin tones and variation selectors, which clients add and drop, are ignored. The genre is None
    for the reaction that confirms the predicted genre.
    """
    bare = strip_modifiers(emoji)
    if bare == RIGHT:
        return VoteKind.RIGHT, None
    genres = (genre for genre, own in GENRES.items() if strip_modifiers(own) == bare)
    genre = next(genres, None)
    return (VoteKind.REACTION, genre) if genre else None


def strip_modifiers(emoji: str) -> str:
    """Return an emoji without variation selectors and skin tones."""
    return emoji.translate(dict.fromkeys(map(ord, VARIATION_SELECTOR + SKIN_TONES)))
