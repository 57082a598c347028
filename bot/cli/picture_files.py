"""Pictures that `ask` writes to files: the chart, and the card to share."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from bot import texts
from bot.domain.cards import Theme
from bot.domain.pictures import PictureFormat
from bot.domain.replies import Notice, NoticeKind
from bot.render import image_formats
from bot.texts import commands

DrawChart = Callable[[Theme], Awaitable[bytes | None]]
"""Returns the chart of a reply as PNG; None if it cannot be drawn."""

DrawCard = Callable[[Theme, PictureFormat], Awaitable[bytes | None]]
"""Returns the picture of a card in a format; None if it cannot be drawn."""


@dataclass(frozen=True, slots=True)
class PictureFiles:
    """The files to write, None for those that are not wanted, and the pictures' colours."""

    chart: Path | None = None
    card: Path | None = None
    theme: Theme = Theme.DARK

    @property
    def problem(self) -> Notice | None:
        """Why they cannot be written, as far as their names tell."""
        if self.chart and not image_formats.is_supported(self.chart.suffix):
            return _unavailable(commands.chart_format(self.chart.suffix))
        if self.card and _format_of(self.card) is None:
            return _unavailable(commands.card_format(self.card.suffix))
        return None

    async def write(
        self, draw_chart: DrawChart, draw_card: DrawCard | None = None
    ) -> Notice | None:
        """Draw the pictures of a reply and write them; return why one of them is missing.

        Without `draw_card`, the reply has no card to share.
        """
        if self.card and draw_card is None:
            return _unavailable(commands.CARD_OF_SONGS)
        if self.chart:
            png = await draw_chart(self.theme)
            if png is None:
                return _unavailable(texts.CHART_MISSING)
            if failed := _written(self.chart, image_formats.convert(png, self.chart.suffix)):
                return failed
        format_ = _format_of(self.card) if self.card else None
        if self.card and draw_card and format_:
            picture = await draw_card(self.theme, format_)
            if picture is None:
                return _unavailable(texts.PICTURE_MISSING)
            return _written(self.card, picture)
        return None


def _format_of(path: Path) -> PictureFormat | None:
    """Return the format of a file by its name, PNG without a suffix; None for another one."""
    suffix = path.suffix.lower().removeprefix(".")
    known = {format_.value: format_ for format_ in PictureFormat}
    return known.get(suffix) if suffix else PictureFormat.PNG


def _written(path: Path, picture: bytes) -> Notice | None:
    try:
        path.write_bytes(picture)
    except OSError as error:
        return _unavailable(texts.write_failed(error))
    return None


def _unavailable(text: str) -> Notice:
    return Notice(NoticeKind.UNAVAILABLE, text)
