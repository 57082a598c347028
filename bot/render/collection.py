"""Chart of a collection: mean and spread of its features on the left, its genres on the right."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from bot.domain.cards import Theme
from bot.domain.collections import CollectionSummary
from bot.render.bars import LEFT, RIGHT, Bar, draw_bars, separator
from bot.render.chart import HEIGHT, WIDTH
from bot.render.palette import PALETTES, Palette
from bot.render.radar import STATIC_SHAPES, legend, radar
from bot.render.raster import Painter
from bot.render.scene import Scene, Shape, Text
from bot.texts import collections, numbers

MAX_GENRES: Final = 5
"""Number of genres with a bar, if the rest is summed up in one more bar."""

FIGURE_SIZE: Final = 27
SONGS_BASELINE: Final = 491.0
TEMPO_BASELINE: Final = 529.0


def draw(summary: CollectionSummary, theme: Theme) -> bytes:
    """Return the chart as a PNG; deterministic for a summary and a theme."""
    return Painter().paint(compose(summary, theme))


def compose(summary: CollectionSummary, theme: Theme) -> Scene:
    """Return the chart's layout."""
    palette = PALETTES[theme]
    accent = palette.accent(summary.best)
    typical = numbers.TYPICAL.format(genre=summary.best)
    shapes = (
        *radar(summary.features, summary.typical, palette, accent, summary.spread),
        *legend(collections.legend(summary), typical, palette, accent),
        *draw_bars(genre_bars(summary.genres), palette, accent),
        separator(palette),
        *figures(summary, palette),
    )
    return Scene(WIDTH, HEIGHT, palette.background, shapes, STATIC_SHAPES)


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


def figures(summary: CollectionSummary, palette: Palette) -> Iterator[Shape]:
    """Draw how many songs the figures are from, and their tempo."""
    rows = (
        (SONGS_BASELINE, collections.SONGS, collections.answered_of(summary)),
        (TEMPO_BASELINE, numbers.LABELS["tempo"], collections.mean_tempo(summary)),
    )
    for baseline, label, figure in rows:
        yield Text((LEFT, baseline), label, FIGURE_SIZE, palette.muted)
        at = (RIGHT, baseline)
        yield Text(at, figure, FIGURE_SIZE, palette.ink, bold=True, align="right")
