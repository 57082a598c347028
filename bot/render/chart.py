"""The picture on a card: a radar chart on the left, the best genres and the tempo on the right.

There is no title in it: titles stay in text, where any script works.
"""

from typing import Final

from bot import texts
from bot.domain.cards import Answer, Theme
from bot.render.bars import bars, best, tempo
from bot.render.palette import PALETTES
from bot.render.radar import legend, radar
from bot.render.raster import paint
from bot.render.scene import Scene
from model.classifier import Verdict

WIDTH: Final = 1000
HEIGHT: Final = 560


def draw(answer: Answer, theme: Theme) -> bytes:
    """Draw an answer as a PNG; the same bytes for the same answer and theme."""
    return paint(compose(answer, theme))


def compose(answer: Answer, theme: Theme) -> Scene:
    """Lay the picture out; takes well under a millisecond."""
    palette = PALETTES[theme]
    prediction, values = answer.prediction, answer.features.values
    unsure = prediction.verdict is Verdict.UNSURE
    accent = palette.neutral if unsure else palette.accent(prediction.best)
    shapes = (
        *radar(values, answer.typical, palette, accent),
        *legend(texts.THIS_SONG, texts.TYPICAL.format(genre=prediction.best), palette, accent),
        *bars(best(prediction), palette, accent),
        *tempo(values.get("tempo"), palette),
    )
    return Scene(WIDTH, HEIGHT, palette.background, shapes)
