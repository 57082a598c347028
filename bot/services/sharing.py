"""Use case: a card as a picture, to be saved and shared."""

import logging

from bot.domain.cards import Card, Theme
from bot.domain.errors import stack_of
from bot.domain.picture_ports import CoverSource, SharePainter
from bot.domain.pictures import PictureFormat
from bot.services.voting import VotingService

_log = logging.getLogger(__name__)


class ShareService:
    """Draws pictures of cards, with the song's cover and what people say."""

    def __init__(self, painter: SharePainter, covers: CoverSource, voting: VotingService) -> None:
        self._painter = painter
        self._covers = covers
        self._voting = voting

    async def picture(
        self,
        card: Card,
        theme: Theme = Theme.DARK,
        format_: PictureFormat = PictureFormat.PNG,
    ) -> bytes | None:
        """Return the picture of a card; None if it cannot be drawn.

        Without a cover that can be fetched, the picture is drawn without one.
        """
        address = card.answer.subject.image
        cover = await self._covers.fetch(address) if address else None
        tally = await self._voting.tally(card.id)
        try:
            return await self._painter.share(card.answer, tally, cover, theme, format_)
        except Exception as error:  # noqa: BLE001 - the person gets a sentence, and the card stays
            _log.error("card %s: its picture failed: %s", card.id, stack_of(error))
            return None
