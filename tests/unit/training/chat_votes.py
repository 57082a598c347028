"""Votes in the bot's database, and the labels that they give."""

from collections.abc import Mapping
from functools import partial

from bot.domain.cards import Answer
from bot.domain.tracks import Track
from bot.domain.votes import Selection, VoteKind, changes_for
from bot.storage.engine import open_database
from bot.storage.predictions import SqlPredictionStore
from bot.storage.votes import SqlVoteStore
from tests.support.factories import VALUES
from tests.support.store_values import PLACE, TickingClock, answer_about
from training.feedback.votes import AgreedLabel

UNKNOWN_TRACK = "5CQ30WqJwcep0pYcV4AMNc"


async def vote(
    address: str, track: str | None, votes: Mapping[str, str], **features: float
) -> None:
    """Store a card about a track, and a vote of each person in `votes`."""
    now = TickingClock()
    async with open_database(address) as database:
        about_it = Track(track, "Title", ("Artist",))
        card = await SqlPredictionStore(database, now).add(
            answer_about(about_it, **(features or VALUES)), PLACE
        )
        for person, genre in votes.items():
            choice = Selection(card.id, VoteKind.CHOICE, genre)
            await SqlVoteStore(database, now).change(
                card.id, person, partial(changes_for, selection=choice, added=True)
            )


async def vote_on(address: str, *answers: Answer, votes: Mapping[str, str]) -> None:
    """Store answers in their order, and a vote of each person in `votes` on the first."""
    now = TickingClock()
    async with open_database(address) as database:
        cards = [await SqlPredictionStore(database, now).add(one, PLACE) for one in answers]
        for person, genre in votes.items():
            choice = Selection(cards[0].id, VoteKind.CHOICE, genre)
            await SqlVoteStore(database, now).change(
                cards[0].id, person, partial(changes_for, selection=choice, added=True)
            )


def label(
    track: str = UNKNOWN_TRACK,
    features: Mapping[str, float] = VALUES,
    *,
    genre: str = "rock",
    weight: float = 1,
    title: str = "",
    artists: tuple[str, ...] = (),
) -> AgreedLabel:
    """Return a label, by default of one vote for a song whose names are not known."""
    return AgreedLabel(track, title, artists, genre, weight, 1, features)
