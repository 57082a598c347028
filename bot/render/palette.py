"""Colours of the charts, with the contrast of WCAG 2.2 AA: 4.5:1 for text, 3:1 for bars.

Colour is never the only cue: bars are labelled, and the typical song has a dashed outline.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.domain.cards import Theme
from model.classifier import Prediction
from model.genre_colours import genre_colours
from model.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of a theme, as "#rrggbb".

    Attributes:
        background: Background of the picture.
        panel: Background of the radar chart.
        grid: Grid lines.
        track: Background of a bar.
        ink: Primary text.
        muted: Secondary text.
        plain: Bars that are not highlighted, and the typical song.
        neutral: Accent of genres without a colour, and of unsure answers.
        accents: Accent colour of each genre.
        pair: Colours of two songs that are compared; they do not depend on the genres.
    """

    background: str
    panel: str
    grid: str
    track: str
    ink: str
    muted: str
    plain: str
    neutral: str
    accents: Mapping[str, str]
    pair: tuple[str, str]

    def accent(self, genre: str) -> str:
        """Return the accent colour of a genre."""
        return self.accents.get(genre, self.neutral)


_DARK: Final = Palette(
    background="#14161c",
    panel="#1d2028",
    grid="#363b47",
    track="#272b35",
    ink="#f4f5f7",
    muted="#a9b0bd",
    plain="#8b93a3",
    neutral="#cfd4de",
    accents=genre_colours("dark"),
    pair=("#fdba2f", "#54a0fe"),
)
_LIGHT: Final = Palette(
    background="#ffffff",
    panel="#f3f4f7",
    grid="#d2d6de",
    track="#e8eaef",
    ink="#15171d",
    muted="#565d6b",
    plain="#767e8d",
    neutral="#3d4350",
    accents=genre_colours("light"),
    pair=("#916500", "#0267c7"),
)
PALETTES: Final[Mapping[Theme, Palette]] = {Theme.DARK: _DARK, Theme.LIGHT: _LIGHT}


def accents(prediction: Prediction, palette: Palette) -> tuple[str, str | None]:
    """Return the colours of a prediction: its first genre's, and its second's if it is either.

    An unsure one is neutral.
    """
    if prediction.verdict is Verdict.UNSURE:
        return palette.neutral, None
    first, *others = map(palette.accent, prediction.named)
    return first, others[0] if others else None
