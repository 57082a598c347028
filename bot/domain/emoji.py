"""The emoji of each genre: what a reaction with it says, on every platform."""

from collections.abc import Mapping
from typing import Final

from bot.domain.votes import VoteKind

RIGHT: Final = "✅"
"""The reaction that says "right"."""

DELETE: Final = "🗑️"
"""The reaction by which the asker takes a reply away."""

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
"""All genres that a correction may name."""


VARIATION: Final = "\ufe0f"
SKIN_TONES: Final = "".join(map(chr, range(0x1F3FB, 0x1F400)))


def said(emoji: str) -> tuple[VoteKind, str | None] | None:
    """Read a reaction: the vote's kind and its genre, None when it says nothing of a song.

    Skin tones and the invisible variation selector, which clients add and drop, do not matter.
    """
    bare = plain(emoji)
    if bare == RIGHT:
        return VoteKind.RIGHT, None
    genre = next((genre for genre, sign in GENRES.items() if plain(sign) == bare), None)
    return (VoteKind.REACTION, genre) if genre else None


def plain(emoji: str) -> str:
    """Strip an emoji of its variation selector and skin tone."""
    return emoji.translate(dict.fromkeys(map(ord, VARIATION + SKIN_TONES)))
