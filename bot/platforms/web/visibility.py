"""Which cards and summaries a visitor may see by their numbers, which can be counted.

On a public page: those that answered this visitor. On a local page: all that the page answered.
"""

from bot.domain.cards import Card
from bot.domain.replies import Summary
from bot.platforms.web import ids
from bot.platforms.web.site import Site
from bot.services.cards import CardService
from bot.services.collections import CollectionService
from bot.services.failures import value_or_none


class Visibility:
    """Finds cards and summaries for a visitor; those of others are as unknown ones."""

    def __init__(self, cards: CardService, collections: CollectionService, site: Site) -> None:
        self._cards = cards
        self._collections = collections
        self._site = site

    async def has_card(self, card_id: int, visitor: str) -> bool:
        """Return whether a visitor may see and vote on a card; True for any on a local page."""
        return not self._site.is_public or await self._cards.is_displayed_to(
            self._site.place, visitor, card_id
        )

    async def card(self, card_id: int, visitor: str) -> Card | None:
        """Return a card that a visitor may see."""
        if card_id > ids.MAX_DATABASE_ID or not await self.has_card(card_id, visitor):
            return None
        return await self._cards.get(card_id, self._site.place)

    async def summary(self, summary_id: int, visitor: str) -> Summary | None:
        """Return a summary that a visitor may see."""
        place = self._site.place
        ending = ids.summary_ending(summary_id)
        if self._site.is_public and not await self._cards.is_sent_to(place, visitor, ending):
            return None
        found = self._collections.get(summary_id, place)
        return await value_or_none(found, f"summary {summary_id}")
