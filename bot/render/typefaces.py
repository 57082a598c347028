"""The bundled fonts, and which characters each of them has.

The system is never asked for a font, so that a picture is the same everywhere. Figtree has Latin
letters; subsets of Noto Sans have what it lacks of Latin, and Greek, Cyrillic, Hebrew, Arabic,
Armenian and Georgian. `python -m tests.pictures.fonts` makes them.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "fonts"
FIGTREE: Final = "Figtree"

WEIGHTS: Final[Mapping[str, tuple[str, str]]] = {
    FIGTREE: ("Medium", "Bold"),
    "NotoSans": ("Regular", "Bold"),
    "NotoSansHebrew": ("Regular", "Bold"),
    "NotoSansArabic": ("Regular", "Bold"),
    "NotoSansArmenian": ("Regular", "Bold"),
    "NotoSansGeorgian": ("Regular", "Bold"),
}
"""Typeface to the names of its plain and its bold weight; the first with a character draws it."""


def file(face: str, *, bold: bool) -> Path:
    """Return the file of a typeface; KeyError for one that is not bundled."""
    return FOLDER / f"{face}-{WEIGHTS[face][bold]}.ttf"


@lru_cache(1024)
def face_of(character: str) -> str | None:
    """Return the first typeface that has a character; None if no one has it."""
    code = ord(character)
    return next((face for face in WEIGHTS if code in _characters(face)), None)


@lru_cache(len(WEIGHTS))
def _characters(face: str) -> frozenset[int]:
    """Return the code points of a typeface, which both of its weights have."""
    # fontTools takes 80 ms to import, and only pictures with names need it.
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    with TTFont(file(face, bold=True), lazy=True) as font:
        return frozenset(font.getBestCmap())
