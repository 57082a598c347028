"""Retention: deletes old rows, a few at a time, so that no other writer waits long."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Delete,
    FromClause,
    Select,
    Table,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
)

from bot.storage.database import Database
from bot.storage.learning_tables import learned_notices, shadow_answers
from bot.storage.seen_events import RETENTION
from bot.storage.tables import collections, feedback, messages, predictions, seen_events
from model.schema import NAMES

BATCH: Final = 200
"""Rows deleted in a transaction."""

SELECTION: Final = ("user_hash", "prediction_id", "kind", "genre")
"""Columns that identify a selection."""


class SqlRetention:
    """Implements the port `RetentionStore`.

    `prune` leaves the rows of the view `feedback_labels` and all ballots. Therefore answers with
    votes are kept, and the newest answer about each track with votes, and the newest with features,
    which the view returns. Of the changes of a vote those are deleted that a later one made
    irrelevant.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def prune(self, before: datetime) -> int:
        """Delete superseded votes, messages, answers and summaries older than `before`.

        Return how many. What candidates would have answered is deleted besides.

        Raises StorageFailed; what was deleted before stays deleted.
        """
        await self._prune(shadow_answers, shadow_answers.c.id, shadow_answers.c.at < before)
        # In this order, as an answer is kept while a message displays it.
        return (
            await self._prune(feedback, feedback.c.id, (feedback.c.at < before) & _superseded())
            + await self._prune(messages, messages.c.id, messages.c.at < before)
            + await self._prune(
                predictions, predictions.c.id, (predictions.c.at < before) & _unused()
            )
            + await self._prune(collections, collections.c.id, collections.c.at < before)
        )

    async def prune_votes(self, before: datetime) -> int:
        """Delete votes that were given before a moment, and what people learned of them.

        A withdrawn vote does not come back. Returns how many rows were deleted. Raises
        StorageFailed; what was deleted before stays deleted.
        """
        old = (feedback.c.at < before) & ~_follows_a_young_one(before)
        count = await self._prune(feedback, feedback.c.id, old)
        async with self._database.write() as connection:
            notices = delete(learned_notices).where(learned_notices.c.at < before)
            await connection.execute(notices)
        return count

    async def prune_events(self, now: datetime) -> int:
        """Delete event ids older than RETENTION; return how many; raise StorageFailed."""
        old = seen_events.c.at < now - RETENTION
        return await self._prune(seen_events, seen_events.c.event_id, old)

    async def _prune(self, table: Table, key: Column[Any], condition: ColumnElement[bool]) -> int:
        count = 0
        after: list[ColumnElement[bool]] = []
        while batch := await self._batch(select(key).where(condition, *after).order_by(key)):
            after = [key > batch[-1]]
            async with self._database.write() as connection:
                # Another transaction may just have made a row needed; then it has locked the row.
                rows = select(key).where(key.in_(batch)).with_for_update(skip_locked=True)
                free = (await connection.scalars(rows)).all()
                if table is predictions:
                    await connection.execute(_shadows_of(key.in_(free) & condition))
                deleted = await connection.execute(delete(table).where(key.in_(free), condition))
                count += deleted.rowcount
        return count

    async def _batch(self, statement: Select[Any]) -> Sequence[Any]:
        async with self._database.read() as connection:
            return (await connection.scalars(statement.limit(BATCH))).all()


def _shadows_of(condition: ColumnElement[bool]) -> Delete:
    """Delete what candidates would have answered instead of the answers with a condition."""
    answers = select(predictions.c.id).where(condition)
    return delete(shadow_answers).where(shadow_answers.c.prediction_id.in_(answers))


def _superseded() -> ColumnElement[bool]:
    """Select the changes before the last addition of the same selection."""
    later = feedback.alias()
    same = (later.c[name] == feedback.c[name] for name in SELECTION)
    return exists().where(*same, later.c.added, later.c.id > feedback.c.id)


def _follows_a_young_one(before: datetime) -> ColumnElement[bool]:
    """Select the changes after a younger one of the same selection, as a clock that was set makes.

    Without a withdrawal, the vote before it would stand again.
    """
    earlier = feedback.alias()
    same = (earlier.c[name] == feedback.c[name] for name in SELECTION)
    return exists().where(*same, earlier.c.id < feedback.c.id, earlier.c.at >= before)


def _unused() -> ColumnElement[bool]:
    """Select answers that no vote, message or label needs."""
    answers, later = predictions.alias(), predictions.alias()
    of_track = answers.c.track_key == predictions.c.track_key
    is_newer = and_(later.c.track_key == predictions.c.track_key, later.c.id > predictions.c.id)
    return and_(
        ~exists().where(feedback.c.prediction_id == predictions.c.id),
        ~exists().where(messages.c.prediction_id == predictions.c.id),
        or_(
            exists().where(is_newer, or_(_has_features(later), ~_has_features(predictions))),
            ~exists().where(feedback.c.prediction_id == answers.c.id, of_track),
        ),
    )


def _has_features(answers: FromClause) -> ColumnElement[bool]:
    """Select answers with features; those by sound alone have none."""
    return func.coalesce(*(answers.c[name] for name in NAMES)).is_not(None)
