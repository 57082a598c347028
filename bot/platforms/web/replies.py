"""Replies as JSON with their elements, as the server renders them."""

import asyncio
from collections.abc import Collection, Sequence

from bot.domain.cards import Card
from bot.domain.places import Place
from bot.domain.replies import Notice, Reply, Summary
from bot.domain.votes import Ballot
from bot.platforms.web import present
from bot.platforms.web.pages import Pages
from bot.platforms.web.present import Json
from bot.services.listen import ListenService
from bot.services.voting import VotingService


class Replies:
    """Presents replies to a visitor.

    Args:
        pages: Renders their elements.
        voting: Knows the votes.
        listen: Knows what was heard in files.
        place: The page's place.
    """

    def __init__(
        self, pages: Pages, voting: VotingService, listen: ListenService, place: Place
    ) -> None:
        self._pages = pages
        self._voting = voting
        self._listen = listen
        self._place = place

    async def present(self, replies: Sequence[Reply], visitor: str) -> Sequence[Json]:
        """Return replies with the visitor's votes and those of all visitors.

        The votes on all songs are read together, and a card that comes several times is rendered
        once.
        """
        cards = {reply.id: reply for reply in replies if isinstance(reply, Card)}
        presented = await self._cards(cards.values(), visitor)
        return [
            presented[reply.id] if isinstance(reply, Card) else self._other(reply)
            for reply in replies
        ]

    async def _cards(self, cards: Collection[Card], visitor: str) -> dict[int, Json]:
        keys = list({card.answer.subject.key: None for card in cards})
        if not keys:
            return {}
        ballots = await self._voting.ballots_of(self._place, visitor, keys)
        tallies = await self._voting.tallies_of(keys, self._place)
        presented = {}
        for card in cards:
            key = card.answer.subject.key
            complete = self._listen.complete(card)
            values = present.card(complete, ballots.get(key, Ballot()), tallies.get(key, {}))
            presented[card.id] = self._with_element("card", values)
            await asyncio.sleep(0)  # a history has 50 cards of 1 ms each
        return presented

    def _other(self, reply: Notice | Summary) -> Json:
        if isinstance(reply, Notice):
            return self._with_element("notice", present.notice(reply))
        return self._with_element("summary", present.summary(reply))

    def _with_element(self, kind: str, values: Json) -> Json:
        return values | {"html": self._pages.render(f"{kind}.html", **{kind: values})}
