"""The colours of the genres, the same in every chart of the bot and of the study."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal

COLOURS: Final = Path(__file__).parent / "genre_colours.toml"


@cache
def genre_colours(theme: Literal["light", "dark"]) -> Mapping[str, str]:
    """Return the colour of each genre of `model.genres` in a theme, as "#rrggbb"."""
    colours: dict[str, dict[str, str]] = tomllib.loads(COLOURS.read_text(encoding="utf-8"))
    return colours[theme]
