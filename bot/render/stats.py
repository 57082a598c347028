"""Chart of a workspace's statistics: mean features on the left, genres on the right."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from bot.domain.cards import Theme
from bot.domain.statistics import WorkspaceStats
from bot.render.bars import LEFT, RIGHT, Bar, draw_bars, separator
from bot.render.chart import HEIGHT, WIDTH
from bot.render.palette import PALETTES, Palette
from bot.render.radar import STATIC_SHAPES, legend, radar
from bot.render.raster import Painter
from bot.render.scene import Scene, Shape, Text
from bot.texts import numbers

MAX_GENRES: Final = 6
"""Number of genres with a bar, if the rest is summed up in one more bar."""

FIGURE_SIZE: Final = 27
COUNTS_BASELINE: Final = 491.0
AGREEMENT_BASELINE: Final = 529.0


def draw(stats: WorkspaceStats, typical: Mapping[str, float], theme: Theme) -> bytes:
    """Return the chart as a PNG; deterministic for its arguments.

    `typical` holds the typical features of the workspace's most common genre.
    """
    return Painter().paint(compose(stats, typical, theme))


def compose(stats: WorkspaceStats, typical: Mapping[str, float], theme: Theme) -> Scene:
    """Return the chart's layout."""
    palette = PALETTES[theme]
    most_common = next(iter(stats.genres), None)
    accent = palette.accent(most_common) if most_common else palette.neutral
    typical_label = numbers.TYPICAL.format(genre=most_common) if most_common else None
    shapes = (
        *radar(stats.features, typical, palette, accent),
        *legend(numbers.SONGS_HERE, typical_label, palette, accent),
        *draw_bars(genre_bars(stats.genres), palette, accent),
        separator(palette),
        *totals(stats, palette),
    )
    return Scene(WIDTH, HEIGHT, palette.background, shapes, STATIC_SHAPES)


def genre_bars(genres: Mapping[str, int]) -> list[Bar]:
    """Return the bars of the most common genres and one for the rest; full width is all tracks."""
    tracks = sum(genres.values())
    # A single remaining genre gets its own bar, which takes no more space than "1 others".
    named = MAX_GENRES if len(genres) > MAX_GENRES + 1 else len(genres)
    displayed = dict(islice(genres.items(), named))
    if named < len(genres):
        others = numbers.OTHERS.format(count=len(genres) - named)
        displayed[others] = tracks - sum(displayed.values())
    return [
        Bar(name, numbers.short_count(count), count / tracks, highlighted=rank == 0)
        for rank, (name, count) in enumerate(displayed.items())
    ]


def totals(stats: WorkspaceStats, palette: Palette) -> Iterator[Shape]:
    """Draw the numbers of tracks and answers, and how many votes agreed with the answers."""
    tracks, answers = (
        numbers.count_of(stats.tracks, "track"),
        numbers.count_of(stats.answers, "answer"),
    )
    yield Text((LEFT, COUNTS_BASELINE), tracks, FIGURE_SIZE, palette.ink)
    yield Text((RIGHT, COUNTS_BASELINE), answers, FIGURE_SIZE, palette.ink, align="right")
    label = numbers.AGREED if stats.votes else numbers.NO_VOTES
    yield Text((LEFT, AGREEMENT_BASELINE), label, FIGURE_SIZE, palette.muted)
    if stats.votes:
        at, figure = (RIGHT, AGREEMENT_BASELINE), numbers.agreement(stats.agreed, stats.votes)
        yield Text(at, figure, FIGURE_SIZE, palette.ink, bold=True, align="right")
