"""Genre names, as used in labels, votes, output columns and cards."""

from typing import Final

WIDE: Final = (
    "rock",
    "metal",
    "pop",
    "hip-hop",
    "r&b",
    "electronic",
    "country",
    "folk",
    "jazz",
    "blues",
    "classical",
    "latin",
    "reggae",
)
"""The 13 genres of the default model; a vote must be for one of them."""

STUDY: Final = ("rock", "hip-hop", "electronic")
"""The 3 genres of the original study."""
