"""Votes and corrections."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.places import Place


class VoteKind(StrEnum):
    """How a vote was given: each kind is taken back on its own."""

    RIGHT = "right"
    REACTION = "reaction"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Selection:
    """One way of saying one genre; a `RIGHT` vote names the predicted one."""

    kind: VoteKind
    genre: str


@dataclass(frozen=True, slots=True)
class Vote:
    """A person's word on a card: `added`, or taken back. `user` is the platform's own id.

    `genre` is ignored for `RIGHT`. `event_id` names the delivery, so that one delivered twice
    counts once; None when the platform has no such name.
    """

    place: Place
    card_id: int
    user: str
    kind: VoteKind
    genre: str | None = None
    added: bool = True
    event_id: str | None = None


@dataclass(frozen=True, slots=True)
class Ballot:
    """What one person has said of a card.

    `active` are the votes on this card that they have not taken back; `counted` is the one genre
    that counts as their vote for the track, whichever of its cards it was given on.
    """

    active: frozenset[Selection] = frozenset()
    counted: str | None = None
