"""Legend below a radar chart: what its outlines and marks stand for, in two centred rows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from bot.render.fitting import fitted, width
from bot.render.palette import Palette
from bot.render.radar import (
    CAP_HEIGHT,
    DASH,
    DOT,
    HALF,
    LABEL_SIZE,
    STRIPE,
    TYPICAL,
    half_colour,
    outline,
)
from bot.render.scene import Disc, Shape, Stroke, Text
from bot.texts.legend import HALF_OF_ALL

ROW_HEIGHT: Final = 60.0
SAMPLE: Final = 56.0
"""Width of the sample of a line."""

STRIPED_SAMPLE: Final = 5 * STRIPE
"""Width of the sample of an outline in two colours: as many of its stripes, of the same length."""

SAMPLE_GAP: Final = 14.0
ENTRY_GAP: Final = 44.0


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: str
    sample: float
    label: Text

    @property
    def width(self) -> float:
        return self.sample + SAMPLE_GAP + width(self.label)


@dataclass(frozen=True, slots=True)
class Legend:
    """Legend of a radar chart.

    Attributes:
        own: Label of the song's outline.
        typical: Label of the typical song's; None if there is none.
        accent: Colour of the song's outline.
        second: Colour of its stripes, if any.
    """

    own: str
    typical: str | None
    accent: str
    second: str | None = None

    def draw(self, palette: Palette, left: float, right: float, baseline: float) -> Iterator[Shape]:
        """Draw it between two edges; `baseline` is that of the first row."""
        room = right - left
        for number, row in enumerate(_rows(self._entries(palette, room), room)):
            y = baseline + number * ROW_HEIGHT
            x = (left + right - _width(row)) / 2
            for entry in row:
                yield from self._sample(entry, x, y - LABEL_SIZE * CAP_HEIGHT / 2, palette)
                yield replace(entry.label, at=(x + entry.sample + SAMPLE_GAP, y))
                x += entry.width + ENTRY_GAP

    def _entries(self, palette: Palette, room: float) -> list[_Entry]:
        def entry(kind: str, words: str, limit: float) -> _Entry:
            sample = STRIPED_SAMPLE if kind == "own" and self.second else SAMPLE
            label = Text((0, 0), words, LABEL_SIZE, palette.ink)
            return _Entry(kind, sample, fitted(label, limit - sample - SAMPLE_GAP))

        own, half = entry("own", self.own, room), entry("half", HALF_OF_ALL, room)
        if self.typical is None:
            return [own, half]
        return [own, entry("typical", self.typical, room - half.width - ENTRY_GAP), half]

    def _sample(self, entry: _Entry, left: float, y: float, palette: Palette) -> Iterator[Shape]:
        line = ((left, y), (left + entry.sample, y))
        match entry.kind:
            case "own":
                yield from outline((line,), self.accent, self.second)
                yield Disc((left + entry.sample / 2, y), DOT, self.accent)
            case "typical":
                yield Stroke((line,), TYPICAL, palette.muted, dash=DASH)
            case _:
                yield Stroke((line,), HALF, half_colour(palette))


def _rows(entries: list[_Entry], room: float) -> Iterable[list[_Entry]]:
    """Return entries in their order, in as many rows as are needed, so that no row is long."""
    if len(entries) < 3:  # noqa: PLR2004 - two fit beside one another
        return [entries] if _width(entries) <= room else [[entry] for entry in entries]
    splits = [[entries[:end], entries[end:]] for end in range(1, len(entries))]
    return min(splits, key=lambda rows: max(map(_width, rows)))


def _width(row: list[_Entry]) -> float:
    return sum(entry.width for entry in row) + ENTRY_GAP * (len(row) - 1)
