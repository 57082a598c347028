"""Bars with a name and a figure each; below them, a line and the quiet figures."""

from collections.abc import Iterator, Sequence
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
LINE: Final = 456.0
TEMPO_BASELINE: Final = 512.0
ROWS: Final = 5
"""Rows at the full size; where there are more, all are smaller."""

WIDEST_GAP: Final = 56.0
CAPITALS: Final = 0.7
"""Height of a capital letter or figure, in parts of the type size."""

STRESSED: Final = {Verdict.CLEAR: 1, Verdict.CLOSE: 2, Verdict.UNSURE: 0}
"""How many genres are shown as the answer."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A name, its figure in words, and a length of 0-1; `stressed` ones are large and coloured."""

    name: str
    figure: str
    length: float
    stressed: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    size: int
    space: float
    bar: float

    @property
    def height(self) -> float:
        return self.size * CAPITALS + self.space + self.bar


_STRESSED: Final = _Row(size=44, space=18, bar=26)
_PLAIN: Final = _Row(size=29, space=13, bar=14)
_STRESSED_OF_MANY: Final = _Row(size=32, space=10, bar=16)
_PLAIN_OF_MANY: Final = _Row(size=27, space=8, bar=10)


def best(prediction: Prediction) -> list[Bar]:
    """Return the best genres' bars; the full length is 100 %."""
    stressed = STRESSED[prediction.verdict]
    return [
        Bar(genre, texts.percent(probability), probability, rank < stressed)
        for rank, (genre, probability) in enumerate(list(prediction.genres.items())[:ROWS])
    ]


def bars(shown: Sequence[Bar], palette: Palette, accent: str) -> Iterator[Shape]:
    """Draw bars below each other, spread over the height there is."""
    large, small = (
        (_STRESSED, _PLAIN) if len(shown) <= ROWS else (_STRESSED_OF_MANY, _PLAIN_OF_MANY)
    )
    rows = [large if bar.stressed else small for bar in shown]
    spare = BOTTOM - TOP - sum(row.height for row in rows)
    gap = min(WIDEST_GAP, spare / max(1, len(rows) - 1))
    y = TOP + (spare - gap * (len(rows) - 1)) / 2
    for row, bar in zip(rows, shown, strict=True):
        baseline = y + row.size * CAPITALS
        words, fill = (palette.ink, accent) if bar.stressed else (palette.muted, palette.plain)
        yield Text((LEFT, baseline), bar.name, row.size, palette.ink, bar.stressed)
        yield Text((RIGHT, baseline), bar.figure, row.size, words, bar.stressed, "right")
        yield Pill(LEFT, baseline + row.space, RIGHT - LEFT, row.bar, palette.track)
        if bar.length > 0:
            length = (RIGHT - LEFT) * min(1, bar.length)
            yield Pill(LEFT, baseline + row.space, length, row.bar, fill)
        y += row.height + gap


def line(palette: Palette) -> Shape:
    """Part the bars from the figures below them."""
    return Stroke((((LEFT, LINE), (RIGHT, LINE)),), 2, palette.grid)


def tempo(value: float | None, palette: Palette) -> Iterator[Shape]:
    """Write the tempo in BPM; a question mark when it is not known."""
    yield line(palette)
    yield Text((LEFT, TEMPO_BASELINE), texts.LABELS["tempo"], 29, palette.muted)
    figure = "?" if value is None else texts.format_feature("tempo", value)
    colour = palette.muted if value is None else palette.ink
    yield Text((RIGHT, TEMPO_BASELINE), figure, 36, colour, bold=True, align="right")
