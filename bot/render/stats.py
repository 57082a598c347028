"""The picture of a workspace: its mean song's radar on the left, its genres on the right."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from bot.domain.cards import Theme
from bot.domain.statistics import WorkspaceStats
from bot.render.bars import LEFT, RIGHT, Bar, bars, line
from bot.render.chart import HEIGHT, WIDTH
from bot.render.palette import PALETTES, Palette
from bot.render.radar import legend, radar
from bot.render.raster import paint
from bot.render.scene import Scene, Shape, Text
from bot.texts import numbers

GENRES: Final = 6
"""How many genres have a bar of their own when there are more than would fill the next one too."""

FIGURE_SIZE: Final = 27
ASKED_BASELINE: Final = 491.0
AGREED_BASELINE: Final = 529.0


def draw(stats: WorkspaceStats, typical: Mapping[str, float], theme: Theme) -> bytes:
    """Draw a workspace's figures as a PNG; the same bytes for the same figures and theme.

    `typical` are the features of the typical song of its commonest genre.
    """
    return paint(compose(stats, typical, theme))


def compose(stats: WorkspaceStats, typical: Mapping[str, float], theme: Theme) -> Scene:
    """Lay the picture out."""
    palette = PALETTES[theme]
    commonest = next(iter(stats.genres), None)
    accent = palette.accent(commonest) if commonest else palette.neutral
    behind = numbers.TYPICAL.format(genre=commonest) if commonest else None
    shapes = (
        *radar(stats.features, typical, palette, accent),
        *legend(numbers.SONGS_HERE, behind, palette, accent),
        *bars(counts(stats.genres), palette, accent),
        line(palette),
        *asked(stats, palette),
    )
    return Scene(WIDTH, HEIGHT, palette.background, shapes)


def counts(genres: Mapping[str, int]) -> list[Bar]:
    """Return the commonest genres' bars and one for the others; the full length is all tracks."""
    tracks = sum(genres.values())
    # One that is left over has a bar of its own: "1 others" would take the same place.
    named = GENRES if len(genres) > GENRES + 1 else len(genres)
    shown = dict(islice(genres.items(), named))
    if named < len(genres):
        others = numbers.OTHERS.format(count=len(genres) - named)
        shown[others] = tracks - sum(shown.values())
    return [
        Bar(name, numbers.short_count(count), count / tracks, stressed=rank == 0)
        for rank, (name, count) in enumerate(shown.items())
    ]


def asked(stats: WorkspaceStats, palette: Palette) -> Iterator[Shape]:
    """Write how much was asked and answered, and how many votes agreed with the answers."""
    tracks, answers = (
        numbers.count_of(stats.tracks, "track"),
        numbers.count_of(stats.answers, "answer"),
    )
    yield Text((LEFT, ASKED_BASELINE), tracks, FIGURE_SIZE, palette.ink)
    yield Text((RIGHT, ASKED_BASELINE), answers, FIGURE_SIZE, palette.ink, align="right")
    words = numbers.AGREED if stats.votes else numbers.NO_VOTES
    yield Text((LEFT, AGREED_BASELINE), words, FIGURE_SIZE, palette.muted)
    if stats.votes:
        at, figure = (RIGHT, AGREED_BASELINE), numbers.agreement(stats.agreed, stats.votes)
        yield Text(at, figure, FIGURE_SIZE, palette.ink, bold=True, align="right")
