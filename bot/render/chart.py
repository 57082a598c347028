"""Chart of an answer: a radar chart that fills the picture, and its legend.

An answer by sound alone has the chart of `bot.render.sound` instead. Platforms display the genres
beside the cover (`bot.texts.bars`). The track's title is not drawn, as the font lacks many scripts.
"""

from typing import Final

from bot import texts
from bot.domain.cards import Answer, Theme
from bot.domain.spokes import Circle
from bot.render.legend import Legend
from bot.render.palette import PALETTES, accents
from bot.render.radar import STATIC_SHAPES, radar
from bot.render.raster import Painter
from bot.render.scene import Scene
from bot.render.sound import sound_chart
from bot.texts.legend import own
from model.verdicts import Verdict

WIDTH: Final = 1000
HEIGHT: Final = 824
MARGIN: Final = 30.0
CIRCLE: Final = Circle((WIDTH / 2, 357.0), 265.0)
LEGEND_BASELINE: Final = 724.0


def draw(answer: Answer, theme: Theme) -> bytes:
    """Return the chart as a PNG; deterministic for an answer and a theme."""
    return Painter().paint(compose(answer, theme))


def compose(answer: Answer, theme: Theme) -> Scene:
    """Return the chart's layout; takes about 1 ms."""
    palette = PALETTES[theme]
    if answer.by_sound_alone:
        return sound_chart(answer, palette)
    accent, second = accents(answer.prediction, palette)
    # An unsure answer is for no genre, so that no genre's typical song is drawn.
    is_unsure = answer.prediction.verdict is Verdict.UNSURE
    typical = {} if is_unsure else answer.typical
    label = None if is_unsure else texts.TYPICAL.format(genre=answer.prediction.best)
    legend = Legend(own(answer), label, accent, second)
    values = answer.features.values
    shapes = (
        *radar(values, typical, palette, accent, circle=CIRCLE, second=second),
        *legend.draw(palette, MARGIN, WIDTH - MARGIN, LEGEND_BASELINE),
    )
    return Scene(WIDTH, HEIGHT, palette.background, shapes, STATIC_SHAPES)
