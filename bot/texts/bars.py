"""Genre bars as text of fixed width, which Discord, Slack and the terminal share."""

from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

from bot.domain.cards import Answer, displayed_genres
from bot.texts.numbers import percent

WIDTH: Final = 10
"""Characters of a bar, the longest that fit beside a cover on a phone."""

PERCENT_WIDTH: Final = len("> 99 %")
"""Characters of the longest percentage."""

FULL: Final = "█"
EIGHTHS: Final = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")
"""Block elements by width in eighths of a character (Unicode, U+2589 to U+258F)."""


class BarLine(NamedTuple):
    """A genre with its bar.

    Attributes:
        genre: Name of the genre.
        percent: Its probability or share, as in "44 %".
        bar: Block characters, padded with spaces to the width asked for.
        is_filed: Whether the world files the song under it.
    """

    genre: str
    percent: str
    bar: str
    is_filed: bool

    @property
    def figures(self) -> str:
        """Percentage and bar for a fixed-width font, aligned with those of other lines."""
        return f"{self.percent:>{PERCENT_WIDTH}} {self.bar}"


def bar_lines(answer: Answer, width: int = WIDTH) -> list[BarLine]:
    """Return a line for each displayed genre of an answer, the most probable first."""
    filed = answer.filed_under.genres if answer.filed_under else ()
    return share_lines(displayed_genres(answer), width, filed)


def share_lines(
    genres: Mapping[str, float], width: int = WIDTH, filed: Collection[str] = ()
) -> list[BarLine]:
    """Return a line for each genre with its share in the range 0-1, in the order given."""
    return [
        BarLine(genre, percent(share), bar(share, width), genre in filed)
        for genre, share in genres.items()
    ]


def bar(share: float, width: int = WIDTH) -> str:
    """Return a bar for a value from 0 to 1, `width` characters long, of at least an eighth."""
    full, rest = divmod(max(1, min(8 * width, round(8 * width * share))), 8)
    return f"{FULL * full}{EIGHTHS[rest]}".ljust(width)
