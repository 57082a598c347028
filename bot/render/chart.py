"""Chart of an answer: a radar chart on the left, the top genres and the tempo on the right.

The track's title is not drawn, as the font lacks many scripts.
"""

from typing import Final

from bot import texts
from bot.domain.cards import Answer, Theme
from bot.render.bars import draw_bars, genre_bars, tempo
from bot.render.palette import PALETTES
from bot.render.radar import STATIC_SHAPES, legend, radar
from bot.render.raster import Painter
from bot.render.scene import Scene
from model.verdicts import Verdict

WIDTH: Final = 1000
HEIGHT: Final = 560


def draw(answer: Answer, theme: Theme) -> bytes:
    """Return the chart as a PNG; deterministic for an answer and a theme."""
    return Painter().paint(compose(answer, theme))


def compose(answer: Answer, theme: Theme) -> Scene:
    """Return the chart's layout; takes less than 1 ms."""
    palette = PALETTES[theme]
    prediction, values = answer.prediction, answer.features.values
    unsure = prediction.verdict is Verdict.UNSURE
    accent = palette.neutral if unsure else palette.accent(prediction.best)
    shapes = (
        *radar(values, answer.typical, palette, accent),
        *legend(texts.THIS_SONG, texts.TYPICAL.format(genre=prediction.best), palette, accent),
        *draw_bars(genre_bars(prediction), palette, accent),
        *tempo(values.get("tempo"), palette),
    )
    return Scene(WIDTH, HEIGHT, palette.background, shapes, STATIC_SHAPES)
