"""Votes: events are appended, and views say what they come to, so no two writers can clash."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, delete, func, insert, select, update

from bot.domain.ports import Now
from bot.domain.votes import Ballot, Selection, VoteKind
from bot.storage.database import Database
from bot.storage.seen_events import note
from bot.storage.tables import feedback, messages, predictions, votes


class SqlVoteStore:
    """A FeedbackStore.

    A vote is one choice of one person on one card; the last thing said of it decides whether it
    stands. Of a person's standing votes for a track, whichever of its cards they are on, the one
    added last counts, and the others wait in case it is taken back. The view `votes` says so.
    """

    def __init__(self, database: Database, now: Now) -> None:
        self._database = database
        self._now = now

    async def record(
        self,
        card_id: int,
        user: str,
        choice: Selection,
        *,
        added: bool,
        event_id: str | None = None,
    ) -> None:
        """Append a vote, or its being taken back; added again, a vote is the newest again.

        With an `event_id` the delivery is noted in the same transaction, so that a repeated one
        changes nothing and an interrupted one is not lost. Raises StorageFailed, also when there
        is no such card.
        """
        row: dict[str, Any] = {
            "prediction_id": card_id,
            "user_hash": user,
            "kind": choice.kind,
            "genre": choice.genre,
            "added": added,
            "at": self._now(),
        }
        async with self._database.write() as connection:
            if event_id is None or await note(connection, event_id, row["at"]):
                await connection.execute(insert(feedback).values(row))

    async def ballot(self, card_id: int, user: str) -> Ballot:
        """Return what `user` has said of a card and of its track. Raises StorageFailed."""
        statement = select(votes).where(
            votes.c.user_hash == user, votes.c.track_key == _track_key(card_id).scalar_subquery()
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).all()
        return Ballot(
            frozenset(
                Selection(VoteKind(row.kind), row.genre)
                for row in rows
                if row.prediction_id == card_id
            ),
            next((row.genre for row in rows if row.standing == 1), None),
        )

    async def tally(self, card_id: int) -> Mapping[str, int]:
        """Count the votes on a card that count for their givers, by genre, in falling order.

        Raises StorageFailed.
        """
        count = func.count()
        statement = (
            select(votes.c.genre, count.label("voters"))
            .where(votes.c.prediction_id == card_id, votes.c.standing == 1)
            .group_by(votes.c.genre)
            .order_by(count.desc(), votes.c.genre)
        )
        async with self._database.read() as connection:
            # Told the track outright, SQLite looks at no other; with a subquery it looks at all.
            of_track = votes.c.track_key == await connection.scalar(_track_key(card_id))
            rows = await connection.execute(statement.where(of_track))
            return {row.genre: row.voters for row in rows}

    async def forget(self, user: str) -> int:
        """Delete every vote of `user` and their name on every message.

        Returns how many of the votes stood, on all cards together; what was said and taken back is
        deleted too but not counted. Raises StorageFailed.
        """
        standing = select(func.count()).select_from(votes).where(votes.c.user_hash == user)
        async with self._database.write() as connection:
            count = (await connection.execute(standing)).scalar_one()
            await connection.execute(delete(feedback).where(feedback.c.user_hash == user))
            await connection.execute(
                update(messages).where(messages.c.asker_hash == user).values(asker_hash=None)
            )
        return count


def _track_key(card_id: int) -> Select[str]:
    return select(predictions.c.track_key).where(predictions.c.id == card_id)
