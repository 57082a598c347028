"""The genre names, spelt as they are everywhere: labels, corrections, columns, cards."""

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
"""The thirteen genres of the default model, and all that a correction may name."""

STUDY: Final = ("rock", "hip-hop", "electronic")
"""The three genres of the study that Soundslike grew out of."""
