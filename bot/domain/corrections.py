"""Corrections of people, and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.cards import Card, ModelRef


@dataclass(frozen=True, slots=True)
class Correction:
    """A person's vote that counts for another genre than the one that its card predicts."""

    card: Card
    genre: str


class LearnedStore(Protocol):
    """Stores who was informed that a song is now answered their way. Methods raise StorageFailed.

    People are known by keyed hashes.
    """

    async def corrections(self, user: str, model: ModelRef, limit: int) -> Sequence[Correction]:
        """Return a person's newest corrections of answers by other versions of a model.

        Those that the person was informed of are left out.
        """

    async def note(self, user: str, track_key: str) -> bool:
        """Store that a person is informed of a track; False if it was stored before.

        Nothing is stored, and False returned, if the person has no vote on it (any more).
        """
