"""What is asked of every picture's layout."""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from bot.domain.cards import Theme
from bot.render.chart import HEIGHT, WIDTH
from bot.render.palette import PALETTES
from bot.render.raster import Box, extent
from bot.render.scene import Disc, Pill, Scene, Shape, Text

DARK: Final = PALETTES[Theme.DARK]
MARGIN: Final = 24
SMALLEST_TYPE: Final = 26
LARGEST_FILE: Final = 120_000


def written(scene: Scene) -> list[str]:
    """Return all words."""
    return [shape.text for shape in scene.shapes if isinstance(shape, Text)]


def filled(scene: Scene) -> list[Pill]:
    """Return the bars of a dark scene, without the tracks below them."""
    return [s for s in scene.shapes if isinstance(s, Pill) and s.colour != DARK.track]


def smallest_type(scene: Scene) -> int:
    """Return the size of the smallest words."""
    return min(shape.size for shape in scene.shapes if isinstance(shape, Text))


def outside(scene: Scene) -> list[Shape]:
    """Return the shapes that come too near to the frame."""
    frame = (MARGIN, MARGIN, WIDTH - MARGIN, HEIGHT - MARGIN)
    return [shape for shape in scene.shapes if not _within(extent(shape), frame)]


def clashes(scene: Scene) -> Iterator[tuple[str, Shape]]:
    """Yield words that run into each other, into the radar's circles and dots, or into bars."""
    boxes = [(shape, extent(shape)) for shape in scene.shapes]
    words = [(shape, box) for shape, box in boxes if isinstance(shape, Text)]
    for (one, first), (other, second) in combinations(words, 2):
        if _overlap(first, second):
            yield one.text, other
    for text, box in words:
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
