"""Use case: record votes by the rules of `bot.domain.votes`, and delete a person's data."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from bot import texts
from bot.concurrency.bounded_cache import BoundedCache
from bot.domain.cards import Card
from bot.domain.errors import SoundslikeError, StorageFailed, UnknownCard, UnknownGenre
from bot.domain.places import Place
from bot.domain.ports import HashUser, PredictionStore, VoteStore
from bot.domain.replies import Notice, NoticeKind
from bot.domain.votes import (
    Ballot,
    RecordedVote,
    Selection,
    Vote,
    VoteChange,
    VoteKind,
    changes_for,
    withdraw_all,
)
from bot.services.failures import failure_notice, value_or_none
from model.genres import WIDE

TALLIES: Final = 2048
"""Tracks whose votes are kept counted."""

TALLY_SECONDS: Final = 60.0
"""Time for which they are, as another process may record votes."""


class VotingService:
    """Records and counts votes.

    Failures are returned as notices, except for those of the database when a vote is recorded:
    callers repeat it.

    Args:
        predictions: Stores the cards.
        votes: Stores the votes.
        hash_user: Returns the hash of a person.
        on_forget: Called with a place and the platform's id of a person whose data was deleted.
    """

    def __init__(
        self,
        predictions: PredictionStore,
        votes: VoteStore,
        hash_user: HashUser,
        on_forget: Callable[[Place, str], object] = lambda _place, _user: None,
    ) -> None:
        self._predictions = predictions
        self._votes = votes
        self._hash_user = hash_user
        self._on_forget = on_forget
        self._tallies: BoundedCache[Mapping[str, int]] = BoundedCache(TALLIES)

    async def record(self, vote: Vote, *, sent_here: bool = False) -> RecordedVote | Notice:
        """Record a vote or a withdrawal; return the voter's ballot for the track.

        With `sent_here`, a card that was not sent to the vote's place is unknown: for callers that
        take a card's number from anybody.

        Raises StorageFailed; the vote is then not recorded.
        """
        try:
            return await self._record(vote, vote.place if sent_here else None)
        except StorageFailed:
            raise
        except SoundslikeError as error:
            return failure_notice(error, f"card {vote.card_id}")

    async def ballot(self, place: Place, user: str, card_id: int) -> Ballot:
        """Return a person's ballot for the track of a card; empty if it cannot be read."""
        ballot = self._votes.ballot(card_id, self._hash_user(place, user))
        return await value_or_none(ballot, f"card {card_id}") or Ballot()

    async def tally(self, card_id: int) -> Mapping[str, int]:
        """Count the votes on a card by genre, descending; empty if they cannot be read."""
        return await value_or_none(self._votes.tally(card_id), f"card {card_id}") or {}

    async def tally_of(self, track_key: str, place: Place) -> Mapping[str, int]:
        """Count the votes on all cards of a track in a place, as `tally` does those on one."""
        counted = await value_or_none(self._votes.tally_of(track_key, place), "votes on a track")
        if counted is not None:
            self._tallies.put(_of_track(place, track_key), counted, TALLY_SECONDS)
        return counted or {}

    async def ballots_of(
        self, place: Place, user: str, track_keys: Sequence[str]
    ) -> Mapping[str, Ballot]:
        """Return a person's ballots by track, without empty ones; none if they cannot be read."""
        ballots = self._votes.ballots_of(track_keys, self._hash_user(place, user))
        return await value_or_none(ballots, "ballots") or {}

    async def tallies_of(
        self, track_keys: Sequence[str], place: Place
    ) -> Mapping[str, Mapping[str, int]]:
        """Return `tally_of` by track, without empty ones; none if they cannot be read."""
        counted = self._votes.tallies_of(track_keys, place)
        return await value_or_none(counted, "votes on tracks") or {}

    async def recent_tally_of(self, track_key: str, place: Place) -> Mapping[str, int]:
        """Return what `tally_of` does, at most TALLY_SECONDS old: for what is asked for often."""
        kept = self._tallies.get(_of_track(place, track_key))
        return await self.tally_of(track_key, place) if kept is None else kept

    async def forget(self, place: Place, user: str) -> Notice:
        """Delete everything that is stored about a person.

        Cards in chats that display their votes are updated by jobs, which a restart does not lose.
        """
        try:
            forgotten = await self._votes.forget(self._hash_user(place, user), user)
        except SoundslikeError as error:
            return failure_notice(error, "forget-me")
        self._tallies.clear()
        self._on_forget(place, user)
        return Notice(NoticeKind.DONE, texts.data_deleted(forgotten, place.platform))

    async def _record(self, vote: Vote, place: Place | None) -> RecordedVote:
        """Raise UnknownCard, UnknownGenre or StorageFailed."""
        card = await self._predictions.get(vote.card_id, place)
        if card is None:
            raise UnknownCard(str(vote.card_id))
        selection = _selection(vote, card)
        changes: list[VoteChange] = []

        def decide(ballot: Ballot) -> Sequence[VoteChange]:
            if selection is None:
                changes.extend(withdraw_all(ballot))
            else:
                changes.extend(changes_for(ballot, selection, added=vote.added))
            return changes

        user = self._hash_user(vote.place, vote.user)
        ballot = await self._votes.change(vote.card_id, user, decide, vote.event_id)
        track_key = card.answer.subject.key
        self._tallies.discard(_of_track(vote.place, track_key))
        withdrawn = tuple(change.selection for change in changes if not change.added)
        return RecordedVote(ballot, withdrawn, is_new=bool(changes), track_key=track_key)


def _of_track(place: Place, track_key: str) -> str:
    return f"{place} {track_key}"


def _selection(vote: Vote, card: Card) -> Selection | None:
    """Return what a vote selects; None for the withdrawal of a choice without a genre."""
    if vote.kind is VoteKind.CHOICE and vote.genre is None and not vote.added:
        return None
    predicted = vote.kind is VoteKind.RIGHT or vote.genre is None
    genre = card.answer.prediction.best if predicted else vote.genre
    if genre not in WIDE:
        raise UnknownGenre(str(genre))
    return Selection(card.id, vote.kind, genre)
