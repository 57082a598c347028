"""The use case: a person's word on a card. The rules of counting are the store's."""

from collections.abc import Callable, Mapping

from bot.domain.errors import UnknownCard, UnknownGenre
from bot.domain.places import Place
from bot.domain.ports import PredictionStore, VoteStore
from bot.domain.votes import Ballot, Selection, Vote, VoteKind
from model.genres import WIDE

HashUser = Callable[[Place, str], str]
"""Turns a person's id on a platform into the keyed hash that is kept."""


class VotingService:
    """Records votes and corrections, takes them back, and forgets people."""

    def __init__(
        self,
        predictions: PredictionStore,
        votes: VoteStore,
        hashed: HashUser,
    ) -> None:
        self._predictions = predictions
        self._votes = votes
        self._hashed = hashed

    async def record(self, vote: Vote) -> Ballot:
        """Store a vote and return what that person has said of the card since.

        Raises UnknownCard, UnknownGenre and StorageFailed.
        """
        card = await self._predictions.get(vote.card_id)
        if card is None:
            raise UnknownCard(str(vote.card_id))
        genre = card.answer.prediction.best if vote.kind is VoteKind.RIGHT else vote.genre
        if genre not in WIDE:
            raise UnknownGenre(str(genre))
        user = self._hashed(vote.place, vote.user)
        choice = Selection(vote.kind, genre)
        if not vote.added:
            before = await self._votes.ballot(vote.card_id, user)
            if choice not in before.active:
                return before  # what was not said cannot be taken back
        await self._votes.record(
            vote.card_id, user, choice, added=vote.added, event_id=vote.event_id
        )
        return await self._votes.ballot(vote.card_id, user)

    async def ballot(self, place: Place, user: str, card_id: int) -> Ballot:
        """Return what a person has said of a card."""
        return await self._votes.ballot(card_id, self._hashed(place, user))

    async def tally(self, card_id: int) -> Mapping[str, int]:
        """Count the votes on a card by genre, in falling order."""
        return await self._votes.tally(card_id)

    async def forget(self, place: Place, user: str) -> int:
        """Delete what is kept of a person; return how many votes it was."""
        return await self._votes.forget(self._hashed(place, user))
