"""Square picture of a card, to be saved and shared."""

from collections.abc import Mapping

from bot import texts
from bot.domain.cards import Answer, Theme
from bot.domain.pictures import SHARE_PIXELS
from bot.render.palette import PALETTES
from bot.render.scene import Scene, Text


def compose(answer: Answer, tally: Mapping[str, int], theme: Theme) -> Scene:
    """Return the picture's layout."""
    palette = PALETTES[theme]
    shapes = (
        Text((60, 600), texts.verdict(answer), 48, palette.ink, bold=True),
        Text((60, 680), texts.vote_tally(tally), 36, palette.muted),
    )
    return Scene(SHARE_PIXELS, SHARE_PIXELS, palette.background, shapes)
