"""Chart of two songs: both outlines in one radar chart, and a legend with both names.

The songs differ in colour, in the line and in the marks on it, so that colour is never the only
cue; the colours are always the same two, as songs of one genre would have one. At each spoke the
first song's value is before the second one's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from bot.domain.cards import Answer, Theme
from bot.domain.pictures import COMPARISON_PIXELS
from bot.domain.points import Line, Point
from bot.domain.spokes import Circle, areas, outlines
from bot.render import lettering
from bot.render.lettering import Style
from bot.render.palette import PALETTES, Palette
from bot.render.radar import (
    CAP_HEIGHT,
    HALF,
    LABEL_SIZE,
    OUTLINE,
    STATIC_SHAPES,
    figure,
    ground,
    half_colour,
    label,
    unknown,
)
from bot.render.raster import Painter
from bot.render.scene import Disc, Polygon, Scene, Shape, Stroke
from bot.texts.card import headline
from bot.texts.contrasts import FIRST, SECOND, UNKNOWN_FIGURE
from bot.texts.legend import HALF_OF_ALL
from model.schema import RADAR

WIDTH, HEIGHT = COMPARISON_PIXELS
MARGIN: Final = 30.0
CIRCLE: Final = Circle((WIDTH / 2, 308.0), 216.0)
LEGEND_BASELINE: Final = 634.0
ROW_HEIGHT: Final = 64.0
SAMPLE: Final = 110.0
"""Width of the sample of a line: three dashes of the second song's."""

SAMPLE_GAP: Final = 20.0
DASH: Final = 22.0
MARK: Final = 15.0
"""Half the diagonal of the second song's marks, and the radius of the first one's."""

FIGURE_GAP: Final = 20.0
"""Distance of the two values from one another."""

OPACITIES: Final = (0.26, 0.16)


@dataclass(frozen=True, slots=True)
class _Look:
    """How a song is drawn: colour, dashes (0 for a solid line), opacity of its area."""

    colour: str
    dash: float
    opacity: float

    def mark(self, at: Point) -> Shape:
        """Return a mark on the line: a disc on a solid one, a diamond on a dashed one."""
        if not self.dash:
            return Disc(at, MARK, self.colour)
        x, y = at
        size = MARK * 1.25
        corners = ((x, y - size), (x + size, y), (x, y + size), (x - size, y))
        return Polygon(corners, self.colour)

    def line(self, lines: tuple[Line, ...]) -> Stroke:
        """Return an outline or its sample."""
        return Stroke(lines, OUTLINE, self.colour, dash=self.dash)


def draw(first: Answer, second: Answer, theme: Theme) -> bytes:
    """Return the chart as a PNG; deterministic for two answers and a theme."""
    return Painter().paint(compose(first, second, theme))


def compose(first: Answer, second: Answer, theme: Theme) -> Scene:
    """Return the chart's layout; takes some milliseconds, and 50 ms once for the fonts."""
    palette = PALETTES[theme]
    looks = (
        _Look(palette.pair[0], 0, OPACITIES[0]),
        _Look(palette.pair[1], DASH, OPACITIES[1]),
    )
    values = tuple(answer.features.values for answer in (first, second))
    shapes = (
        *ground(CIRCLE, palette),
        *_songs(values, looks),
        *_labels(values, looks, palette),
        *_legend((first, second), looks, palette),
    )
    return Scene(WIDTH, HEIGHT, palette.background, shapes, STATIC_SHAPES)


def _songs(values: tuple[Mapping[str, float], ...], looks: tuple[_Look, ...]) -> Iterator[Shape]:
    """Draw both areas, then both outlines, so that no area covers a line."""
    songs = list(zip(values, looks, strict=True))
    for known, look in songs:
        for area in areas(known, CIRCLE):
            yield Polygon(area, look.colour, opacity=look.opacity)
    for known, look in songs:
        if lines := outlines(known, CIRCLE):
            yield look.line(lines)
    for known, look in songs:
        for name in RADAR:
            if name in known:
                yield look.mark(CIRCLE.at(name, known[name]))


def _labels(
    values: tuple[Mapping[str, float], ...], looks: tuple[_Look, ...], palette: Palette
) -> Iterator[Shape]:
    for name in RADAR:
        known = [one.get(name) for one in values]
        if known == [None, None]:
            yield from unknown(name, CIRCLE, palette)
            yield from label(name, [figure(name, None, palette)], CIRCLE, palette)
            continue
        figures = [
            replace(figure(name, value or 0.0, palette), colour=look.colour)
            for value, look in zip(known, looks, strict=True)
        ]
        figures = [
            one if value is not None else replace(one, text=UNKNOWN_FIGURE)
            for one, value in zip(figures, known, strict=True)
        ]
        yield from label(name, figures, CIRCLE, palette, FIGURE_GAP)


def _legend(
    answers: tuple[Answer, ...], looks: tuple[_Look, ...], palette: Palette
) -> Iterator[Shape]:
    """Draw a row for each song and one for half of all songs, as a block in the middle."""
    style = Style(LABEL_SIZE, palette.ink)
    room = WIDTH - 2 * MARGIN - SAMPLE - SAMPLE_GAP
    names = [
        lettering.cut(lettering.drawable(headline(answer.subject)) or other, style, room)
        for answer, other in zip(answers, (FIRST, SECOND), strict=True)
    ]
    rows = [*names, HALF_OF_ALL]
    widest = max(lettering.line_width(row, style) for row in rows)
    left = (WIDTH - SAMPLE - SAMPLE_GAP - widest) / 2
    for number, row in enumerate(rows):
        baseline = LEGEND_BASELINE + number * ROW_HEIGHT
        y = baseline - LABEL_SIZE * CAP_HEIGHT / 2
        sample: Line = ((left, y), (left + SAMPLE, y))
        if number < len(looks):
            yield looks[number].line((sample,))
            yield looks[number].mark((left + SAMPLE / 2, y))
        else:
            yield Stroke((sample,), HALF, half_colour(palette))
        yield from lettering.draw(row, (left + SAMPLE + SAMPLE_GAP, baseline), style)
