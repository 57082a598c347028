"""What a candidate would have answered beside the active model, and how people voted there."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.domain.cards import ModelRef


@dataclass(frozen=True, slots=True)
class ShadowVote:
    """A person's vote on an answer on which the candidate and the active model differ.

    Attributes:
        track: Key of the track.
        shown: The genre that was answered.
        silent: The genre that the candidate would have answered.
        voted: The genre that the person voted for.
    """

    track: str
    shown: str
    silent: str
    voted: str


@dataclass(frozen=True, slots=True)
class ShadowComparison:
    """A candidate compared with what was answered while it ran beside the active model.

    Attributes:
        answers: Number of answers that the candidate classified, too.
        different: Number of those with another most probable genre.
        votes_for: Number of tracks on which they differ where people voted for the candidate's
            genre.
        votes_against: The same for the genre that was answered.
    """

    answers: int
    different: int
    votes_for: int
    votes_against: int


class ShadowStore(Protocol):
    """Stores what candidates would have answered. Methods raise StorageFailed."""

    async def add(self, card_id: int, candidate: ModelRef, genres: Mapping[str, float]) -> None:
        """Store the candidate's probabilities, descending, for a card; a second time is ignored."""

    async def compared(self, candidate: ModelRef) -> ShadowComparison:
        """Compare a candidate with the cards of the model of its name.

        Votes that count for their voters are counted. Those on a page for everyone are not, unless
        the bot learns from them.
        """


def count_votes(votes: Iterable[ShadowVote]) -> tuple[int, int]:
    """Count tracks by what their voters say: for the candidate, and for what was answered.

    Each track counts once, by the majority of the votes for one of the two genres; a track whose
    votes are even, or are for other genres, does not count.
    """
    balance: Counter[str] = Counter()
    for vote in votes:
        balance[vote.track] += (vote.voted == vote.silent) - (vote.voted == vote.shown)
    return (
        sum(one > 0 for one in balance.values()),
        sum(one < 0 for one in balance.values()),
    )
