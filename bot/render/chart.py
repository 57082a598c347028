"""Chart of an answer: a radar chart on the left, the top genres and the tempo on the right.

An answer by sound alone has the chart of `bot.render.sound` instead.

The track's title is not drawn, as the font lacks many scripts.
"""

from typing import Final

from bot import texts
from bot.domain.cards import Answer, Theme
from bot.render.bars import (
    TEMPO_ABOVE_LEGEND,
    TEMPO_BASELINE,
    draw_bars,
    genre_bars,
    outline_legend,
    tempo,
)
from bot.render.palette import PALETTES
from bot.render.radar import STATIC_SHAPES, legend, radar
from bot.render.raster import Painter
from bot.render.scene import Scene
from bot.render.sound import sound_chart
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
    if answer.by_sound_alone:
        shapes = tuple(sound_chart(answer, palette, accent))
        return Scene(WIDTH, HEIGHT, palette.background, shapes)
    bars = genre_bars(answer)
    filed = any(bar.outlined for bar in bars)
    shapes = (
        *radar(values, answer.typical, palette, accent),
        *legend(texts.THIS_SONG, texts.TYPICAL.format(genre=prediction.best), palette, accent),
        *draw_bars(bars, palette, accent),
        *tempo(values.get("tempo"), palette, TEMPO_ABOVE_LEGEND if filed else TEMPO_BASELINE),
        *(outline_legend(palette) if filed else ()),
    )
    return Scene(WIDTH, HEIGHT, palette.background, shapes, STATIC_SHAPES)
