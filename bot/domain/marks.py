"""Marks of a person: messages that display a card with their vote, until they are forgotten.

When a person is forgotten, jobs of the kind REFRESH update these messages, one after another.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any, Final

from bot.domain.jobs import Job, JobKind
from bot.domain.places import Place
from bot.domain.votes import Selection, VoteKind

EDITING: Final = ("discord", "slack")
"""Platforms that edit the messages of cards; the page renders a card's votes each time."""

MAX_MARKS: Final = 1000
"""Messages that are updated after a person was forgotten, the newest ones."""

MARKS_PER_JOB: Final = 50
"""Messages that one job updates: it is repeated as a whole if the chat is away meanwhile."""


GIVE_UP_AFTER: Final = timedelta(days=1)
"""Age from which a job is not repeated for a message that the chat fails to update."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A message that displays a card with a person's vote.

    Attributes:
        message_id: The platform's id of the message.
        card_id: The card.
        reactions: The person's reactions that stood on the card: how each is expressed, and its
            genre.
    """

    message_id: str
    card_id: int
    reactions: tuple[tuple[VoteKind, str], ...] = ()


def reactions_on(selections: Iterable[Selection]) -> Mapping[int, tuple[tuple[VoteKind, str], ...]]:
    """Return the reactions among a person's selections by card."""
    found: dict[int, tuple[tuple[VoteKind, str], ...]] = {}
    for one in selections:
        if one.kind is not VoteKind.CHOICE:
            found[one.card_id] = (*found.get(one.card_id, ()), (one.kind, one.genre))
    return found


def refresh_jobs(
    name: str, user: str, account: str, marks: Iterable[tuple[Place, Mark]]
) -> Sequence[Job]:
    """Return the jobs that update messages, one or several for each channel.

    Args:
        name: Name of the request, so that its jobs have ids of their own.
        user: Keyed hash of the person; their jobs are worked off one after another.
        account: The platform's id of the person, to remove their reactions; "" if unknown.
        marks: The messages.
    """
    by_place = sorted(marks, key=lambda one: str(one[0]))
    jobs: list[Job] = []
    for place, group in groupby(by_place, key=lambda one: one[0]):
        here = [_stored(mark) for _, mark in group]
        for start in range(0, len(here), MARKS_PER_JOB):
            payload = {"user": account, "marks": here[start : start + MARKS_PER_JOB]}
            job_id = f"refresh/{name}/{len(jobs)}"
            jobs.append(Job(place, job_id, JobKind.REFRESH, payload, f"refresh/{user}"))
    return jobs


def marks_of(job: Job) -> Sequence[Mark]:
    """Return the messages that a job of the kind REFRESH updates."""
    return [
        Mark(
            one["message"],
            one["card"],
            tuple((VoteKind(kind), genre) for kind, genre in one["reactions"]),
        )
        for one in job.payload["marks"]
    ]


def _stored(mark: Mark) -> Mapping[str, Any]:
    reactions = [[kind.value, genre] for kind, genre in mark.reactions]
    return {"message": mark.message_id, "card": mark.card_id, "reactions": reactions}
