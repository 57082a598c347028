"""The vote endpoint: on the page, a person has one choice on a card."""

from collections.abc import Mapping
from http import HTTPStatus

from bot import texts
from bot.concurrency.keyed_locks import KeyedLocks
from bot.domain.errors import StorageFailed
from bot.domain.places import Place
from bot.domain.replies import Notice, NoticeKind
from bot.domain.votes import Ballot, RecordedVote, Vote, VoteKind
from bot.platforms.web.parsing import RequestRejected, VoteRequest
from bot.platforms.web.visibility import Visibility
from bot.services.failures import failure_notice
from bot.services.voting import VotingService
from bot.texts import web_page


class Votes:
    """Records the votes of visitors. Every kind that the page sends is a choice."""

    def __init__(self, voting: VotingService, place: Place, visible: Visibility) -> None:
        self._voting = voting
        self._place = place
        self._visible = visible
        self._turns = KeyedLocks()

    async def record(self, request: VoteRequest, visitor: str) -> RecordedVote | Notice:
        """Record a vote or a withdrawal; return the visitor's ballot for the track.

        Votes of one visitor, from whichever tab, are recorded in the order of their arrival.
        Raises RequestRejected on a card that the visitor may not see.
        """
        async with self._turns.of(visitor):
            return await self._record(request, visitor)

    async def _record(self, request: VoteRequest, visitor: str) -> RecordedVote | Notice:
        if not await self._visible.has_card(request.card_id, visitor):
            status = HTTPStatus.NOT_FOUND
            raise RequestRejected(status, NoticeKind.UNKNOWN_CARD, web_page.NOT_YOUR_CARD)
        genre = None if request.kind is VoteKind.RIGHT else request.genre
        vote = Vote(
            self._place, request.card_id, visitor, VoteKind.CHOICE, genre, added=request.added
        )
        try:
            return await self._voting.record(vote, sent_here=True)
        except StorageFailed as error:
            return failure_notice(error, f"card {request.card_id}")

    async def tallies(self, card_id: int, recorded: RecordedVote) -> Mapping[int, str]:
        """Return, in words, the votes of all visitors on the cards that a vote changed, by card.

        A vote may be withdrawn on another card of the same track.
        """
        changed = {card_id, *(selection.card_id for selection in recorded.withdrawn)}
        return {one: texts.vote_tally(await self._voting.tally(one)) for one in sorted(changed)}

    async def ballot(self, card_id: int, visitor: str) -> Ballot:
        """Return a visitor's ballot for the track of a card."""
        return await self._voting.ballot(self._place, visitor, card_id)
