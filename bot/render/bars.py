"""The probability bars of the best genres, and the tempo below them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot import texts
from bot.render.palette import Palette
from bot.render.scene import Pill, Shape, Stroke, Text
from model.classifier import Prediction, Verdict

LEFT: Final = 604.0
RIGHT: Final = 960.0
TOP: Final = 40.0
BOTTOM: Final = 424.0
TEMPO_BASELINE: Final = 512.0
ROWS: Final = 5
WIDEST_GAP: Final = 56.0
CAPITALS: Final = 0.7
"""Height of a capital letter or figure, in parts of the type size."""

STRESSED: Final = {Verdict.CLEAR: 1, Verdict.CLOSE: 2, Verdict.UNSURE: 0}
"""How many genres are shown as the answer."""


@dataclass(frozen=True, slots=True)
class _Row:
    size: int
    space: float
    bar: float
    bold: bool

    @property
    def height(self) -> float:
        return self.size * CAPITALS + self.space + self.bar


_ANSWER: Final = _Row(size=44, space=18, bar=26, bold=True)
_OTHER: Final = _Row(size=29, space=13, bar=14, bold=False)


def bars(prediction: Prediction, palette: Palette, accent: str) -> Iterator[Shape]:
    """Draw the best genres; the answer is large and coloured, a bar's full width is 100 %."""
    best = list(prediction.genres.items())[:ROWS]
    stressed = STRESSED[prediction.verdict]
    rows = [_ANSWER if rank < stressed else _OTHER for rank in range(len(best))]
    spare = BOTTOM - TOP - sum(row.height for row in rows)
    gap = min(WIDEST_GAP, spare / max(1, len(rows) - 1))
    y = TOP + (spare - gap * (len(rows) - 1)) / 2
    for row, (genre, probability) in zip(rows, best, strict=True):
        baseline = y + row.size * CAPITALS
        figure = texts.percent(probability)
        words, fill = (palette.ink, accent) if row.bold else (palette.muted, palette.plain)
        yield Text((LEFT, baseline), genre, row.size, palette.ink, row.bold)
        yield Text((RIGHT, baseline), figure, row.size, words, row.bold, "right")
        yield Pill(LEFT, baseline + row.space, RIGHT - LEFT, row.bar, palette.track)
        if probability > 0:
            length = (RIGHT - LEFT) * min(1, probability)
            yield Pill(LEFT, baseline + row.space, length, row.bar, fill)
        y += row.height + gap


def tempo(value: float | None, palette: Palette) -> Iterator[Shape]:
    """Write the tempo in BPM; a question mark when it is not known."""
    line = TEMPO_BASELINE - 56
    yield Stroke((((LEFT, line), (RIGHT, line)),), 2, palette.grid)
    yield Text((LEFT, TEMPO_BASELINE), texts.LABELS["tempo"], 29, palette.muted)
    figure = "?" if value is None else texts.figure("tempo", value)
    colour = palette.muted if value is None else palette.ink
    yield Text((RIGHT, TEMPO_BASELINE), figure, 36, colour, bold=True, align="right")
