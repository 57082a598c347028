"""The emoji of each genre: what a reaction with it says, on every platform."""

from collections.abc import Mapping
from typing import Final

RIGHT: Final = "✅"
"""The reaction that says "right"."""

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
