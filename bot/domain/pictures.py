"""Pictures of cards that people save and share."""

from enum import StrEnum
from typing import Final

SHARE_PIXELS: Final = 1080
"""Width and height of a card's picture, as on Instagram and in link previews."""

COMPARISON_PIXELS: Final = (1000, 800)
"""Width and height of the chart of two songs, as chats that display a link like to know."""


class PictureFormat(StrEnum):
    """File format of a card's picture; the value is the suffix without its dot."""

    PNG = "png"
    SVG = "svg"
    PDF = "pdf"

    @property
    def media_type(self) -> str:
        """The media type."""
        return {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}[self.value]
