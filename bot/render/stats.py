"""Chart of a workspace's statistics: mean features, and the genres below."""

from collections.abc import Mapping
from itertools import islice
from typing import Final

from bot.domain.cards import Theme
from bot.domain.statistics import WorkspaceStats
from bot.render.bars import SIZE, Bar
from bot.render.legend import Legend
from bot.render.palette import PALETTES, Palette
from bot.render.portrait import (
    CIRCLE,
    LEFT,
    LEGEND_BASELINE,
    MARGIN,
    RIGHT,
    WIDTH,
    Row,
    labelled,
    portrait,
)
from bot.render.radar import radar
from bot.render.raster import Painter
from bot.render.scene import Scene, Text
from bot.texts import numbers

MAX_GENRES: Final = 6
"""Number of genres with a bar, if the rest is summed up in one more bar."""


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
    legend = Legend(numbers.SONGS_HERE, typical_label, accent)
    above = (
        *radar(stats.features, typical, palette, accent, circle=CIRCLE),
        *legend.draw(palette, MARGIN, WIDTH - MARGIN, LEGEND_BASELINE),
    )
    return portrait(above, genre_bars(stats.genres), totals(stats, palette), palette, accent)


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


def totals(stats: WorkspaceStats, palette: Palette) -> list[Row]:
    """Return the numbers of tracks and answers, and how many votes agreed with the answers."""
    tracks = numbers.count_of(stats.tracks, "track")
    answers = numbers.count_of(stats.answers, "answer")
    counts = (
        Text((LEFT, 0), tracks, SIZE, palette.ink),
        Text((RIGHT, 0), answers, SIZE, palette.ink, align="right"),
    )
    if not stats.votes:
        return [counts, (Text((LEFT, 0), numbers.NO_VOTES, SIZE, palette.muted),)]
    agreement = numbers.agreement(stats.agreed, stats.votes)
    return [counts, labelled(numbers.AGREED, agreement, palette)]
