"""Store of the bot's trainings, and counts of what people corrected since."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Row,
    Select,
    case,
    false,
    func,
    insert,
    not_,
    select,
    true,
    update,
)

from bot.domain.ports import Now
from bot.domain.trainings import Cause, TrainingResult, TrainingRun, TrainingState
from bot.storage.database import Database
from bot.storage.learning_tables import feedback_votes, training_runs
from bot.storage.moments import as_utc
from bot.storage.tables import feedback, predictions, votes
from bot.storage.trainable_votes import can_train, is_public
from model.feedback import LEAST_VOTERS, MARGIN

WRONG_CLOCK: Final = timedelta(days=1)
"""A training that was started later than this from now was stored with a wrong clock."""

WATCHED: Final = "watched"
"""State of the row that says since when times may be missed; it is no training."""

ENDED: Final = tuple(state for state in TrainingState if state is not TrainingState.RUNNING)
NONE: Final = (TrainingState.FAILED, TrainingState.BUSY)
SUCCEEDED: Final = tuple(state for state in ENDED if state not in NONE)
TRAINED: Final = tuple(state for state in SUCCEEDED if state is not TrainingState.UNCHANGED)
"""States of trainings that ended, that did not fail, and that made a version."""


class SqlTrainingStore:
    """Implements the port `TrainingStore`.

    Args:
        database: The database.
        now: Clock.
        learns_from_public: Whether votes on a public page count.
    """

    def __init__(self, database: Database, now: Now, *, learns_from_public: bool = False) -> None:
        self._database = database
        self._now = now
        self._learns_from_public = learns_from_public

    async def start(self, model: str, cause: Cause) -> TrainingRun:
        """Store a training that starts now; raise StorageFailed."""
        values = _row(model, cause, TrainingState.RUNNING, self._now(), announced=False)
        statement = insert(training_runs).values(values).returning(training_runs)
        (row,) = await self._database.execute(statement)
        return _run(row)

    async def finish(self, run_id: int, result: TrainingResult, *, announced: bool) -> None:
        """Store what became of a training that runs; raise StorageFailed."""
        await self._finish(training_runs.c.id == run_id, result, announced=announced)

    async def abandon(self, result: TrainingResult, *, announced: bool) -> int:
        """Finish all trainings that are stored as running; return how many.

        Raises StorageFailed.
        """
        return await self._finish(true(), result, announced=announced)

    async def recent(self, model: str, limit: int) -> Sequence[TrainingRun]:
        """Return the latest trainings of a model, the newest first; raise StorageFailed."""
        statement = self._of(model, *TrainingState).order_by(training_runs.c.id.desc())
        return await self._select(statement.limit(limit))

    async def last_timed(self, model: str) -> datetime | None:
        """Return when the last training by time was started that did not fail; None without.

        Raises StorageFailed.
        """
        by_time = self._of(model, *SUCCEEDED).where(training_runs.c.cause == Cause.TIME)
        return await self._latest(by_time)

    async def watched_since(self, model: str) -> datetime:
        """Return when this was first called for a model; raise StorageFailed."""
        if known := await self._latest(self._of(model, WATCHED)):
            return known
        now = self._now()
        values = _row(model, Cause.TIME, WATCHED, now, announced=True)
        await self._database.execute(insert(training_runs).values(values))
        return now

    async def agreed_since_last(self, model: str) -> int:
        """Estimate how many corrections are new to training since a version was trained.

        They are the tracks that can be trained on with a newer correction, on whose genre the share
        MARGIN of at least LEAST_VOTERS people agrees. Training itself also weighs people by how
        reliable they are, limits how many of their votes count, and leaves out held-out songs.

        Raises StorageFailed.
        """
        view = feedback_votes.c
        by_genre = (
            select(
                func.count().label("voters"),
                func.sum(func.count()).over(partition_by=view.track).label("all_voters"),
                func.max(case((view.genre != view.shown, view.at))).label("corrected_at"),
            )
            .where(*can_train(public=self._learns_from_public))
            .group_by(view.track, view.genre)
            .subquery()
        )
        genre, last = by_genre.c, await self._latest(self._of(model, *TRAINED))
        agreed = select(func.count()).where(
            genre.voters >= LEAST_VOTERS,
            genre.voters >= MARGIN * genre.all_voters,
            genre.corrected_at.is_not(None) if last is None else genre.corrected_at > last,
        )
        async with self._database.read() as connection:
            return (await connection.execute(agreed)).scalar_one()

    async def newest_vote(self) -> int:
        """Return the id of the newest change of a vote, 0 without one; raise StorageFailed."""
        async with self._database.read() as connection:
            return (await connection.scalar(select(func.max(feedback.c.id)))) or 0

    async def voted_since_last(self, model: str) -> bool:
        """Return whether a vote was changed since the last training that did not fail.

        Raises StorageFailed.
        """
        newest = select(feedback.c.at).order_by(feedback.c.id.desc()).limit(1)
        async with self._database.read() as connection:
            voted = await connection.scalar(newest)
        last = await self._latest(self._of(model, *SUCCEEDED))
        return voted is not None and (last is None or as_utc(voted) > last)

    async def corrections_since(self, moment: datetime | None) -> int:
        """Count the votes for another genre than the card predicted, after a moment if given.

        Raises StorageFailed.
        """
        counted = self._counted().subquery()
        corrected = counted.c.genre != counted.c.shown
        # SQLite compares times as texts, without their zones.
        after = moment.astimezone(UTC) if moment else None
        return await self._count(counted, corrected, counted.c.at, after)

    async def unannounced(self, since: datetime, limit: int) -> Sequence[TrainingRun]:
        """Return trainings ended since then that the owner's channel awaits, oldest first.

        Raises StorageFailed.
        """
        columns = training_runs.c
        waiting = select(training_runs).where(
            columns.state.in_(ENDED), columns.announced == false(), columns.finished_at >= since
        )
        return await self._select(waiting.order_by(columns.id).limit(limit))

    async def mark_announced(self, run_id: int) -> bool:
        """Store that the owner's channel was informed; False if it was before.

        Raises StorageFailed.
        """
        columns = training_runs.c
        waiting = update(training_runs).where(columns.id == run_id, columns.announced == false())
        marked = waiting.values(announced=True).returning(columns.id)
        return bool(await self._database.execute(marked))

    async def _finish(
        self, which: ColumnElement[bool], result: TrainingResult, *, announced: bool
    ) -> int:
        running = training_runs.c.state == TrainingState.RUNNING
        values = {
            "state": result.state,
            "version": result.version,
            "reasons": list(result.reasons),
            "finished_at": self._now(),
            "announced": announced,
        }
        statement = update(training_runs).where(which, running).values(values)
        return len(await self._database.execute(statement.returning(training_runs.c.id)))

    def _of(self, model: str, *states: str) -> Select[Any]:
        columns = training_runs.c
        return select(training_runs).where(
            columns.model == model,
            columns.state.in_(states),
            columns.started_at < self._now() + WRONG_CLOCK,
        )

    async def _latest(self, statement: Select[Any]) -> datetime | None:
        newest = statement.order_by(training_runs.c.id.desc()).limit(1)
        runs = await self._rows(newest)
        return as_utc(runs[0].started_at) if runs else None

    def _counted(self) -> Select[Any]:
        """Select the votes that count: track, genre, genre that the card predicted, time."""
        selected = (
            select(
                votes.c.track_key,
                votes.c.genre,
                predictions.c.genre.label("shown"),
                feedback.c.at,
            )
            .join_from(votes, feedback, feedback.c.id == votes.c.id)
            .join(predictions, predictions.c.id == votes.c.prediction_id)
            .where(votes.c.standing == 1)
        )
        return (
            selected if self._learns_from_public else selected.where(not_(is_public(predictions.c)))
        )

    async def _count(
        self,
        rows: FromClause,
        which: ColumnElement[bool],
        at: ColumnElement[Any],
        after: datetime | None,
    ) -> int:
        """Count rows whose time is after a moment, or those with a time."""
        later = at.is_not(None) if after is None else at > after
        statement = select(func.count()).select_from(rows).where(which, later)
        async with self._database.read() as connection:
            return (await connection.execute(statement)).scalar_one()

    async def _select(self, statement: Select[Any]) -> Sequence[TrainingRun]:
        return [_run(row) for row in await self._rows(statement)]

    async def _rows(self, statement: Select[Any]) -> Sequence[Row[Any]]:
        async with self._database.read() as connection:
            rows: Sequence[Row[Any]] = (await connection.execute(statement)).all()
        return rows


def _row(model: str, cause: Cause, state: str, now: datetime, *, announced: bool) -> dict[str, Any]:
    return {
        "model": model,
        "cause": cause,
        "state": state,
        "reasons": [],
        "started_at": now,
        "announced": announced,
    }


def _run(row: Row[Any]) -> TrainingRun:
    state = TrainingState(row.state)
    result = TrainingResult(state, row.version, tuple(row.reasons))
    return TrainingRun(
        row.id,
        row.model,
        Cause(row.cause),
        None if state is TrainingState.RUNNING else result,
        as_utc(row.started_at),
        as_utc(row.finished_at) if row.finished_at else None,
    )
