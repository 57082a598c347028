"""`make picture`: the picture of a card to share, for README and docs.

python -m tests.pictures.share_card FOLDER
"""

import asyncio
import sys
from pathlib import Path
from typing import Final

from bot.domain.cards import Theme
from bot.domain.places import Place
from bot.render.renderer import ChartRenderer
from bot.services.sharing import ShareService
from tests.pictures import made

NAME: Final = "share-card.png"


class MadeCovers:
    """Implements CoverSource: each address has the cover that is made for the pictures."""

    async def fetch(self, address: str) -> bytes | None:
        """Return the cover."""
        return made.cover() if address == made.COVER_ADDRESS else None


async def draw() -> bytes:
    """Return the picture as a PNG, with votes and a cover."""
    async with made.open_services() as services:
        card = await made.voted_card(services, Place("slack", "T1", "C1"))
        with ChartRenderer() as renderer:
            share = ShareService(renderer, MadeCovers(), services.voting)
            picture = await share.picture(card, Theme.DARK)
    assert picture is not None
    return picture


if __name__ == "__main__":
    (Path(sys.argv[1]) / NAME).write_bytes(asyncio.run(draw()))
