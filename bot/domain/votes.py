"""Votes on genres, and the rules by which they replace one another.

A person has one vote for each track. They may express it in two ways:

- A *choice*, made with a menu, a button or the page, is exclusive: it replaces everything that the
  person selected for the track before. Taking a choice back leaves no vote.
- *Reactions* may coexist, because a chat keeps displaying them: the newest one counts, and
  removing it makes the newest remaining one count. A reaction replaces a choice.

`changes_for` holds these rules. Stores apply the changes that it returns; the vote that counts is
the newest selection that stands (`Ballot.counted`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.places import Place


class VoteKind(StrEnum):
    """How a vote is expressed.

    `RIGHT` is the reaction for "the predicted genre is right", `REACTION` that of another genre.
    """

    RIGHT = "right"
    REACTION = "reaction"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote, or its withdrawal, as a platform receives it.

    Attributes:
        place: Where it was given.
        card_id: The card that it was given on.
        user: The platform's id of the voter.
        kind: How it is expressed.
        genre: The genre; None for the predicted one. A choice that is withdrawn without a genre
            withdraws every selection of the voter for the track.
        added: False for a withdrawal.
        event_id: Id of the delivery, so that a repeated one counts once; None if there is none.
    """

    place: Place
    card_id: int
    user: str
    kind: VoteKind
    genre: str | None = None
    added: bool = True
    event_id: str | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """One expression of a vote: a genre, selected on a card in one way."""

    card_id: int
    kind: VoteKind
    genre: str


@dataclass(frozen=True, slots=True)
class Ballot:
    """The selections of one person for one track that stand, oldest first, on all its cards."""

    selections: tuple[Selection, ...] = ()

    @property
    def counted(self) -> str | None:
        """The genre that counts as the person's vote; None without a vote."""
        return self.selections[-1].genre if self.selections else None

    @property
    def has_choice(self) -> bool:
        """Whether the vote that counts is a choice."""
        return bool(self.selections) and self.selections[-1].kind is VoteKind.CHOICE


@dataclass(frozen=True, slots=True)
class VoteChange:
    """A selection to add to a ballot, or to withdraw from it."""

    selection: Selection
    added: bool


@dataclass(frozen=True, slots=True)
class RecordedVote:
    """The ballot after a vote.

    Attributes:
        ballot: The selections that stand.
        withdrawn: The selections that the vote withdrew.
        is_new: Whether the vote changed anything; not if the ballot was as requested before.
        track_key: Key of the track.
    """

    ballot: Ballot
    withdrawn: tuple[Selection, ...] = ()
    is_new: bool = True
    track_key: str = ""

    @property
    def replaced_reactions(self) -> bool:
        """Whether a choice replaced reactions, which a chat may still display."""
        return self.ballot.has_choice and any(
            selection.kind is not VoteKind.CHOICE for selection in self.withdrawn
        )


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was deleted of a person who asked to be forgotten.

    Attributes:
        votes: Number of selections that stood.
        reactions: How many of them were reactions, which a chat still displays.
        messages: Number of messages with their marks, which jobs update.
    """

    votes: int
    reactions: int = 0
    messages: int = 0


def changes_for(ballot: Ballot, selection: Selection, *, added: bool) -> Iterator[VoteChange]:
    """Yield the changes that a selection, or its withdrawal, makes to a ballot.

    Nothing is yielded when the ballot is already as requested.
    """
    if not added:
        if selection.kind is VoteKind.CHOICE:
            if ballot.counted == selection.genre:
                yield from withdraw_all(ballot)
        elif selection in ballot.selections:
            yield VoteChange(selection, added=False)
        return
    exclusive = selection.kind is VoteKind.CHOICE
    for standing in ballot.selections:
        if standing != selection and (exclusive or standing.kind is VoteKind.CHOICE):
            yield VoteChange(standing, added=False)
    if not ballot.selections or ballot.selections[-1] != selection:
        yield VoteChange(selection, added=True)


def withdraw_all(ballot: Ballot) -> Iterator[VoteChange]:
    """Yield the changes that leave no vote."""
    for standing in ballot.selections:
        yield VoteChange(standing, added=False)


def apply_changes(ballot: Ballot, changes: Iterable[VoteChange]) -> Ballot:
    """Return the ballot after `changes`; a selection that is added again becomes the newest."""
    standing = list(ballot.selections)
    for change in changes:
        if change.selection in standing:
            standing.remove(change.selection)
        if change.added:
            standing.append(change.selection)
    return Ballot(tuple(standing))
