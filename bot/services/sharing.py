"""Use case: a card as a picture, to be saved and shared."""

import logging
from collections.abc import Mapping

from bot.domain.cards import Answer, Card, Theme
from bot.domain.errors import stack_of
from bot.domain.picture_ports import CoverSource, SharePainter
from bot.domain.pictures import PictureFormat
from bot.domain.places import Place
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
        place: Place | None = None,
    ) -> bytes | None:
        """Return the picture of a card; None if it cannot be drawn.

        With `place`, it has the votes on all cards of the song there, else those on this card.
        """
        if place is None:
            tally = await self._voting.tally(card.id)
        else:
            tally = await self._voting.tally_of(card.answer.subject.key, place)
        return await self.draw(card.answer, tally, theme, format_, about=f"card {card.id}")

    async def draw(
        self,
        answer: Answer,
        tally: Mapping[str, int],
        theme: Theme,
        format_: PictureFormat,
        *,
        about: str,
    ) -> bytes | None:
        """Return the picture of an answer with these votes; None if it cannot be drawn.

        Without a cover that can be fetched, the picture is drawn without one. `about` names the
        answer in the log.
        """
        address = answer.subject.image
        cover = await self._covers.fetch(address) if address else None
        try:
            return await self._painter.share(answer, tally, cover, theme, format_)
        except Exception as error:  # noqa: BLE001 - the person gets a sentence, and the card stays
            _log.error("%s: its picture failed: %s", about, stack_of(error))
            return None
