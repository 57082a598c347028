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
        """Draw the pictures of a reply and write them; return which are missing, and why.

        Without `draw_card`, the reply has no card to share.
        """
        problems = [await self._write_chart(draw_chart), await self._write_card(draw_card)]
        missing = [problem for problem in problems if problem]
        return _unavailable("\n".join(missing)) if missing else None

    async def _write_chart(self, draw: DrawChart) -> str | None:
        """Write the chart if it is wanted; return why it is missing."""
        if self.chart is None:
            return None
        png = await draw(self.theme)
        if png is None:
            return texts.CHART_MISSING
        return _written(self.chart, image_formats.convert(png, self.chart.suffix))

    async def _write_card(self, draw: DrawCard | None) -> str | None:
        """Write the card if it is wanted; return why it is missing."""
        format_ = _format_of(self.card) if self.card else None
        if self.card is None or format_ is None:
            return None
        if draw is None:
            return commands.CARD_OF_SONGS
        picture = await draw(self.theme, format_)
        return texts.PICTURE_MISSING if picture is None else _written(self.card, picture)


def _format_of(path: Path) -> PictureFormat | None:
    """Return the format of a file by its name, PNG without a suffix; None for another one."""
    suffix = path.suffix.lower().removeprefix(".")
    known = {format_.value: format_ for format_ in PictureFormat}
    return known.get(suffix) if suffix else PictureFormat.PNG


def _written(path: Path, picture: bytes) -> str | None:
    try:
        path.write_bytes(picture)
    except OSError as error:
        return texts.write_failed(error)
    return None


def _unavailable(text: str) -> Notice:
    return Notice(NoticeKind.UNAVAILABLE, text)
