"""Colours of the report, as CSS variables."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

COLOURS: Final = Path(__file__).parent / "colours.toml"
MAX_SHADE_OPACITY: Final = 0.5
"""Maximum opacity of a cell's shade, at which text on it stays legible."""


def load_colours() -> Mapping[str, Mapping[str, Any]]:
    """Return the colours of the themes `light` and `dark`."""
    return tomllib.loads(COLOURS.read_text(encoding="utf-8"))


def of_genre(genre: str) -> str:
    """Return a genre's colour as a CSS value."""
    return f"var(--genre-{_slug(genre)}, var(--muted))"


def variables(theme: Mapping[str, Any]) -> str:
    """Return the CSS declarations of a theme's colours."""
    plain = {name: value for name, value in theme.items() if isinstance(value, str)}
    genres = {f"genre-{_slug(genre)}": value for genre, value in theme["genres"].items()}
    # Shades combine these with an opacity, which needs separate red, green and blue values.
    parts = {f"{name}-rgb": _parts(plain[name]) for name in ("accent", "warm")}
    return "".join(f"--{name}:{value};" for name, value in (plain | genres | parts).items())


def _slug(genre: str) -> str:
    return re.sub(r"[^a-z]", "-", genre)


def _parts(colour: str) -> str:
    return " ".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
