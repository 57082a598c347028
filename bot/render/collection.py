"""Chart of a collection: mean and spread of its features, and its genres below."""

from collections.abc import Mapping
from itertools import islice
from typing import Final

from bot.domain.cards import Theme
from bot.domain.collections import CollectionSummary
from bot.render.bars import Bar
from bot.render.legend import Legend
from bot.render.palette import PALETTES, Palette
from bot.render.portrait import CIRCLE, LEGEND_BASELINE, MARGIN, WIDTH, Row, labelled, portrait
from bot.render.radar import radar
from bot.render.raster import Painter
from bot.render.scene import Scene
from bot.texts import collections, numbers

MAX_GENRES: Final = 5
"""Number of genres with a bar, if the rest is summed up in one more bar."""


def draw(summary: CollectionSummary, theme: Theme) -> bytes:
    """Return the chart as a PNG; deterministic for a summary and a theme."""
    return Painter().paint(compose(summary, theme))


def compose(summary: CollectionSummary, theme: Theme) -> Scene:
    """Return the chart's layout."""
    palette = PALETTES[theme]
    accent = palette.accent(summary.best)
    typical = numbers.TYPICAL.format(genre=summary.best)
    legend = Legend(collections.legend(summary), typical, accent)
    above = (
        *radar(summary.features, summary.typical, palette, accent, summary.spread, circle=CIRCLE),
        *legend.draw(palette, MARGIN, WIDTH - MARGIN, LEGEND_BASELINE),
    )
    return portrait(above, genre_bars(summary.genres), figures(summary, palette), palette, accent)


def genre_bars(genres: Mapping[str, float]) -> list[Bar]:
    """Return the bars of the largest genres and one for the rest; the full width is 100 %."""
    # A single remaining genre gets its own bar, which takes no more space than "1 others".
    named = MAX_GENRES if len(genres) > MAX_GENRES + 1 else len(genres)
    displayed = dict(islice(genres.items(), named))
    if named < len(genres):
        others = numbers.OTHERS.format(count=len(genres) - named)
        displayed[others] = max(0.0, 1 - sum(displayed.values()))
    return [
        Bar(name, numbers.percent(share), share, highlighted=rank == 0)
        for rank, (name, share) in enumerate(displayed.items())
    ]


def figures(summary: CollectionSummary, palette: Palette) -> list[Row]:
    """Return how many songs the figures are from, and their tempo."""
    return [
        labelled(collections.SONGS, collections.answered_of(summary), palette),
        labelled(numbers.LABELS["tempo"], collections.mean_tempo(summary), palette),
    ]
