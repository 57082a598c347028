"""The colours of the charts. Text keeps a contrast of 4.5 to 1 (WCAG 2.2 AA), bars 3 to 1.

Colour never says anything alone: every bar is labelled, and the typical song is dashed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.domain.cards import Theme


@dataclass(frozen=True, slots=True)
class Palette:
    """A theme's colours.

    `panel` lies under the radar, `track` under a bar; `ink` is for what is read first, `muted` for
    the rest; `plain` fills bars that are not the answer; `neutral` stands in for an accent.
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
        """Return the genre's colour; `neutral` for a genre without one."""
        return self.accents.get(genre, self.neutral)


# One lightness and nearly one chroma each (OKLCH 0.77 / 0.15 and 0.52 / 0.17), hues spread evenly:
# no genre shouts, and contrast is the same for all.
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
