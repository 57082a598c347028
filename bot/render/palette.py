"""Colours of the charts, with the contrast of WCAG 2.2 AA: 4.5:1 for text, 3:1 for bars.

Colour is never the only cue: bars are labelled, and the typical song has a dashed outline.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.domain.cards import Theme


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

    def accent(self, genre: str) -> str:
        """Return the accent colour of a genre."""
        return self.accents.get(genre, self.neutral)


# Equal lightness and nearly equal chroma in a theme (OKLCH 0.77 / 0.15 and 0.52 / 0.17) give all
# genres the same contrast and prominence; hues are spaced evenly.
_DARK: Final = Palette(
    background="#14161c",
    panel="#1d2028",
    grid="#363b47",
    track="#272b35",
    ink="#f4f5f7",
    muted="#a9b0bd",
    plain="#8b93a3",
    neutral="#cfd4de",
    accents={
        "rock": "#fe9088",
        "metal": "#a3acff",
        "pop": "#ff89b0",
        "hip-hop": "#10d1b4",
        "r&b": "#ca9bfe",
        "electronic": "#02cae6",
        "country": "#d9af21",
        "folk": "#a4c34b",
        "jazz": "#f2a036",
        "blues": "#75baff",
        "classical": "#eb8ede",
        "latin": "#ff9462",
        "reggae": "#64cf80",
    },
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
    accents={
        "rock": "#b63132",
        "metal": "#5658c8",
        "pop": "#b13065",
        "hip-hop": "#087a69",
        "r&b": "#8048b6",
        "electronic": "#037687",
        "country": "#816501",
        "folk": "#5d7300",
        "jazz": "#935a00",
        "blues": "#036bb9",
        "classical": "#9e3a93",
        "latin": "#ab4501",
        "reggae": "#047e39",
    },
)
PALETTES: Final[Mapping[Theme, Palette]] = {Theme.DARK: _DARK, Theme.LIGHT: _LIGHT}
