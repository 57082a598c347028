"""Page with two versions of a model compared: one HTML file without script or network.

Jinja escapes every value, so that titles of songs are never markup.
"""

from collections.abc import Mapping
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.domain.cards import Theme
from bot.domain.model_comparison import ModelComparison
from bot.render.palette import PALETTES
from bot.texts import model_comparison as words
from bot.texts.numbers import unbroken
from bot.texts.song_sets import data_name
from model.gate_report import GenreChange

MOST_SONGS: Final = 500
"""Songs with another answer that the page lists."""

MIDDLE: Final = 0.005
"""Changes of a share that are smaller are drawn as none."""


def comparison_page(comparison: ModelComparison) -> str:
    """Return the page as HTML; equal comparisons give equal text."""
    environment = Environment(
        loader=PackageLoader("bot.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_unbroken,
    )
    listed = comparison.songs[:MOST_SONGS]
    more = len(comparison.songs) - len(listed)
    return environment.get_template("model_comparison.html").render(
        comparison=comparison,
        words=words,
        say=words.PAGE,
        genres=_by_data(comparison),
        direction=_direction,
        listed=listed,
        more=words.more_songs(more) if more else "",
        light=PALETTES[Theme.LIGHT],
        dark=PALETTES[Theme.DARK],
    )


def _unbroken(value: object) -> object:
    """Keep figures and units of a text on one line; markup, which has been through it, stays."""
    return unbroken(value) if type(value) is str else value


def _by_data(comparison: ModelComparison) -> Mapping[str, list[GenreChange]]:
    """Return the changes by the name of their songs, the largest gains first."""
    found: dict[str, list[GenreChange]] = {}
    for change in comparison.genres:
        found.setdefault(data_name(comparison, change.data), []).append(change)
    return {
        name: sorted(own, key=lambda one: (one.right_before - one.right_after, one.genre))
        for name, own in found.items()
    }


def _direction(before: float, after: float) -> str:
    """Return `up`, `down` or `same`."""
    if abs(after - before) < MIDDLE:
        return "same"
    return "up" if after > before else "down"
