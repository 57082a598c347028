"""Layout requirements that hold for every picture."""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from bot.domain.cards import Theme
from bot.render.palette import PALETTES
from bot.render.raster import Box, extent
from bot.render.scene import Disc, Pill, Scene, Shape, Text

DARK: Final = PALETTES[Theme.DARK]
MARGIN: Final = 24
PHONE_WIDTH: Final = 240
"""Width in CSS pixels at which Discord displays a picture on a narrow phone."""

MIN_FONT_SIZE: Final = 11
"""In CSS pixels on a phone."""

MAX_FILE_SIZE: Final = 130_000


def text_of(scene: Scene) -> list[str]:
    """Return the text of each text shape."""
    return [shape.text for shape in scene.shapes if isinstance(shape, Text)]


def filled_bars(scene: Scene) -> list[Pill]:
    """Return the bars of a dark scene without their backgrounds."""
    return [s for s in scene.shapes if isinstance(s, Pill) and s.colour != DARK.track]


def min_font_size(scene: Scene) -> float:
    """Return the smallest font size in use, in CSS pixels on a phone."""
    sizes = (shape.size for shape in scene.shapes if isinstance(shape, Text))
    return min(sizes) * PHONE_WIDTH / scene.width


def outside_margin(scene: Scene) -> list[Shape]:
    """Return the shapes that extend into the margin."""
    frame = (MARGIN, MARGIN, scene.width - MARGIN, scene.height - MARGIN)
    return [shape for shape in scene.shapes if not _within(extent(shape), frame)]


def overlaps(scene: Scene) -> Iterator[tuple[str, Shape]]:
    """Yield text that overlaps other text, the circles and dots of the radar, or bars.

    The question marks of unknown features are inside the circle.
    """
    boxes = [(shape, extent(shape)) for shape in scene.shapes]
    labels = [(shape, box) for shape, box in boxes if isinstance(shape, Text)]
    for (one, first), (other, second) in combinations(labels, 2):
        if _overlap(first, second):
            yield one.text, other
    for text, box in labels:
        if text.text == "?":
            continue
        for shape, other_box in boxes:
            disc = isinstance(shape, Disc) and _touches(shape, box)
            if disc or (isinstance(shape, Pill) and _overlap(other_box, box)):
                yield text.text, shape


def _within(box: Box, frame: Box) -> bool:
    near = box[0] >= frame[0] and box[1] >= frame[1]
    return near and box[2] <= frame[2] and box[3] <= frame[3]


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _touches(disc: Disc, box: Box) -> bool:
    x, y = disc.centre
    nearest = (min(max(x, box[0]), box[2]), min(max(y, box[1]), box[3]))
    return (nearest[0] - x) ** 2 + (nearest[1] - y) ** 2 < disc.radius**2
