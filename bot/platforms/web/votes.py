"""The vote endpoint: on the page, a person has one choice for a song.

The votes on all cards of a song in the page's place are counted together.
"""

from collections.abc import Mapping
from http import HTTPStatus

from bot import texts
from bot.concurrency.keyed_locks import KeyedLocks
from bot.domain.errors import SoundslikeError
from bot.domain.places import Place
from bot.domain.replies import Notice, NoticeKind
from bot.domain.tracks import SubjectRef
from bot.domain.votes import Ballot, RecordedVote, Vote, VoteKind
from bot.platforms.web.parsing import RequestRejected, VoteRequest
from bot.platforms.web.visibility import Visibility
from bot.services.failures import failure_notice, value_or_none
from bot.services.songs import SongService
from bot.services.voting import VotingService
from bot.texts import web_page


class Votes:
    """Records the votes of visitors. Every kind that the page sends is a choice."""

    def __init__(
        self, voting: VotingService, songs: SongService, place: Place, visible: Visibility
    ) -> None:
        self._voting = voting
        self._songs = songs
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
        if isinstance(request.on, int) and not await self._visible.has_card(request.on, visitor):
            status = HTTPStatus.NOT_FOUND
            raise RequestRejected(status, NoticeKind.UNKNOWN_CARD, web_page.NOT_YOUR_CARD)
        try:
            card_id = await self._card(request.on)
            genre = None if request.kind is VoteKind.RIGHT else request.genre
            vote = Vote(self._place, card_id, visitor, VoteKind.CHOICE, genre, added=request.added)
            return await self._voting.record(vote, sent_here=True)
        except SoundslikeError as error:
            return failure_notice(error, "a vote")

    async def tallies(
        self, request: VoteRequest, recorded: RecordedVote
    ) -> tuple[str, Mapping[int, str]]:
        """Return the votes of all visitors on the track of a vote, in words.

        Besides the same by card, for the cards that the vote changed: it may be withdrawn on
        another card of the track.
        """
        said = await self.tally(recorded.track_key)
        changed = {one.card_id for one in (*recorded.ballot.selections, *recorded.withdrawn)}
        changed |= {request.on} if isinstance(request.on, int) else set()
        return said, dict.fromkeys(sorted(changed), said)

    async def tally(self, track_key: str) -> str:
        """Return the votes of all visitors on a track, in words."""
        return texts.vote_tally(await self._voting.tally_of(track_key, self._place))

    async def ballot(self, card_id: int, visitor: str) -> Ballot:
        """Return a visitor's ballot for the track of a card."""
        return await self._voting.ballot(self._place, visitor, card_id)

    async def on_song(self, ref: SubjectRef, visitor: str) -> tuple[Ballot, str]:
        """Return a visitor's ballot for a song, and the votes of all visitors in words.

        Both are empty if they cannot be read, as of a song of which no card is stored.
        """
        card = await value_or_none(self._songs.latest_card(ref, self._place), "votes on a song")
        if card is None:
            return Ballot(), ""
        ballot = await self.ballot(card.id, visitor)
        return ballot, await self.tally(card.answer.subject.key)

    async def _card(self, on: int | SubjectRef) -> int:
        """Return the card that a vote is on; that of a song is stored at the first vote."""
        return on if isinstance(on, int) else (await self._songs.card(on, self._place)).id
