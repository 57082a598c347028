"""Inbox: deliveries from the moment they are accepted until they are worked off."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Delete,
    RowMapping,
    Update,
    and_,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import StorageFailed
from bot.domain.jobs import LASTING, Job, JobKind, Payload, PlannedReply, StoredJob
from bot.domain.places import Place
from bot.domain.ports import Now
from bot.storage.database import Database
from bot.storage.inbox_rows import free_row
from bot.storage.sealed_json import SealedJson
from bot.storage.seen_events import note_all
from bot.storage.tables import inbox

PLACE: Final = (inbox.c.platform, inbox.c.workspace, inbox.c.channel)

_log = logging.getLogger(__name__)


class SqlInbox:
    """Implements the port `Inbox`."""

    def __init__(self, database: Database, now: Now, sealed_json: SealedJson) -> None:
        self._database = database
        self._now = now
        self._sealed_json = sealed_json

    async def add(
        self, jobs: Sequence[Job], owner: str, lease: timedelta
    ) -> Sequence[StoredJob | None]:
        """Store jobs in one transaction; None for each that was delivered before.

        Raises StorageFailed; then none is stored.
        """
        now = self._now()
        distinct: dict[str, Job] = {}
        for job in jobs:
            distinct.setdefault(job.key, job)
        rows = {key: self._row(job, owner, now, lease) for key, job in distinct.items()}
        async with self._database.write() as connection:
            new = await note_all(connection, list(distinct), now)
            ids = await _insert(connection, [row for key, row in rows.items() if key in new])
        stored = {
            key: StoredJob(job_id, distinct[key], now, owner=owner)
            for key, job_id in zip((key for key in rows if key in new), ids, strict=True)
        }
        # The first of several equal deliveries in one batch is the new one.
        return [stored.pop(job.key, None) for job in jobs]

    async def claim(
        self, platform: str, owner: str, lease: timedelta, limit: int
    ) -> Sequence[StoredJob]:
        """Take free jobs: the oldest of each workspace, then the second oldest, and so on.

        Jobs that several processes have taken, and that cannot be decrypted, are deleted and
        logged. Raises StorageFailed.
        """
        now = self._now()
        rank = func.row_number().over(partition_by=inbox.c.workspace, order_by=inbox.c.id)
        free = (
            select(inbox.c.id, rank.label("rank"))
            .where(inbox.c.platform == platform, _is_free(now))
            .subquery()
        )
        wanted = select(free.c.id).order_by(free.c.rank, free.c.id).limit(limit)
        async with self._database.read() as connection:
            ids = (await connection.scalars(wanted)).all()
        if not ids:
            return []  # the usual case, answered without the write lock
        chosen = select(inbox.c.id).where(inbox.c.id.in_(ids), _is_free(now))
        async with self._database.write() as connection:
            # Of several processes, one gets a row; in SQLite the clause has no effect.
            locked = (await connection.scalars(chosen.with_for_update(skip_locked=True))).all()
            taken = (
                update(inbox)
                .where(inbox.c.id.in_(locked))
                .values(owner=owner, lease_until=now + lease, attempts=inbox.c.attempts + 1)
                .returning(inbox)
            )
            rows = (await connection.execute(taken)).mappings().all()
            jobs = {row["id"]: job for row in rows if (job := self._stored(row))}
            lost = [row["id"] for row in rows if row["id"] not in jobs]
            await connection.execute(delete(inbox).where(inbox.c.id.in_(lost)))
        return [jobs[job_id] for job_id in ids if job_id in jobs]

    async def renew(self, owner: str, job_ids: Sequence[int], lease: timedelta) -> Sequence[int]:
        """Extend the lease of an owner's jobs; return the ids of those that are still its own.

        Raises StorageFailed.
        """
        statement = update(inbox).where(inbox.c.owner == owner, inbox.c.id.in_(job_ids))
        return await self._change(statement.values(lease_until=self._now() + lease))

    async def disown(
        self, owner: str, job_ids: Sequence[int] | None = None, *, counted: bool = False
    ) -> int:
        """Free an owner's jobs, or those that are named; return how many.

        With `counted` the attempt counts: a job is given up after many of them. Raises
        StorageFailed.
        """
        statement = update(inbox).where(inbox.c.owner == owner)
        if job_ids is not None:
            statement = statement.where(inbox.c.id.in_(job_ids))
        attempts = inbox.c.attempts - (0 if counted else 1)
        values = {"owner": None, "lease_until": None, "attempts": attempts}
        return len(await self._change(statement.values(values)))

    async def plan(self, stored: StoredJob, replies: Sequence[PlannedReply]) -> bool:
        """Store the replies that are about to be sent; False if another owner has the job.

        Raises StorageFailed.
        """
        sealed = self._sealed_json.seal([asdict(reply) for reply in replies])
        own = and_(inbox.c.id == stored.id, inbox.c.owner == stored.owner)
        return bool(await self._change(update(inbox).where(own).values(sealed_plan=sealed)))

    async def finish(self, job_ids: Sequence[int]) -> None:
        """Delete jobs, in one transaction; raise StorageFailed."""
        await self._change(delete(inbox).where(inbox.c.id.in_(job_ids)))

    async def earlier(self, stored: StoredJob) -> Sequence[StoredJob]:
        """Return the messages and edits accepted before a job in its order, oldest first.

        Free and parked ones have an empty owner. Raises StorageFailed.
        """
        of_kind = inbox.c.kind.in_([JobKind.MESSAGE, JobKind.EDIT])
        before = and_(_is_in(stored.job.place), inbox.c.id < stored.id, of_kind)
        idle = _is_idle(self._now()).label("idle")
        statement = select(inbox, idle).where(before).order_by(inbox.c.id)
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        found = ((row, self._stored(row)) for row in rows)
        return [
            replace(job, owner="" if row["idle"] else job.owner)
            for row, job in found
            if job and job.job.order == stored.job.order
        ]

    async def amend(self, stored: StoredJob, payload: Payload | None) -> bool:
        """Replace a job's payload, or delete it without one; False if the owner has changed.

        `stored` has an empty owner if it was free or parked. Raises StorageFailed.
        """
        owned = inbox.c.owner == stored.owner if stored.owner else _is_idle(self._now())
        own = and_(inbox.c.id == stored.id, owned)
        if payload is None:
            return bool(await self._change(delete(inbox).where(own)))
        sealed = self._sealed_json.seal([payload, stored.job.order])
        return bool(await self._change(update(inbox).where(own).values(sealed=sealed)))

    async def park(self, job_id: int) -> None:
        """Let a job wait until it is released; raise StorageFailed."""
        parked = {"parked": True, "owner": None, "lease_until": None}
        await self._change(update(inbox).where(inbox.c.id == job_id).values(parked))

    async def parked(self, place: Place) -> int:
        """Count the jobs of a place that wait for their release; raise StorageFailed."""
        return await self._count(_is_in(place), inbox.c.parked == true())

    async def release(self, place: Place) -> int:
        """Free the waiting jobs of a place; return how many; raise StorageFailed."""
        statement = (
            update(inbox)
            .where(_is_in(place), inbox.c.parked == true())
            .values(parked=False, released=True)
        )
        return len(await self._change(statement))

    async def is_sending(self, place: Place) -> bool:
        """Return whether replies in a place are planned and perhaps not yet recorded as sent.

        Raises StorageFailed.
        """
        return bool(await self._count(_is_in(place), inbox.c.sealed_plan.is_not(None)))

    async def parked_places(self, platform: str) -> Sequence[Place]:
        """Return the places with jobs that wait for their release; raise StorageFailed."""
        of_platform = and_(inbox.c.platform == platform, inbox.c.parked == true())
        statement = select(*PLACE).where(of_platform).distinct()
        async with self._database.read() as connection:
            return [Place(*row) for row in await connection.execute(statement)]

    async def expire(self, platform: str, before: datetime) -> int:
        """Delete a platform's messages and commands accepted before a moment; return how many.

        Jobs that wait for their release are among them. Raises StorageFailed.
        """
        expires = or_(inbox.c.kind.not_in(LASTING), inbox.c.parked == true())
        old = and_(inbox.c.platform == platform, inbox.c.at < before, expires)
        async with self._database.read() as connection:
            if await connection.scalar(select(inbox.c.id).where(old).limit(1)) is None:
                return 0
        return len(await self._change(delete(inbox).where(old)))

    async def backlog(self) -> int:
        """Count the jobs that are neither finished nor parked; raise StorageFailed."""
        return await self._count(inbox.c.parked == false())

    async def _change(self, statement: Update | Delete) -> Sequence[int]:
        """Execute a statement in a transaction of its own; return the ids of its rows."""
        rows = await self._database.execute(statement.returning(inbox.c.id))
        return [row.id for row in rows]

    async def _count(self, *conditions: ColumnElement[bool]) -> int:
        statement = select(func.count()).select_from(inbox).where(*conditions)
        async with self._database.read() as connection:
            return (await connection.execute(statement)).scalar_one()

    def _row(self, job: Job, owner: str, now: datetime, lease: timedelta) -> dict[str, Any]:
        taken = {"attempts": 1, "owner": owner, "lease_until": now + lease}
        return {**free_row(job, now, self._sealed_json), **taken}

    def _stored(self, row: RowMapping) -> StoredJob | None:
        """Return the job in a row; None, after a log line, if it is to be given up."""
        try:
            payload, order = self._sealed_json.open(row["sealed"])
            plan = self._sealed_json.open(row["sealed_plan"]) if row["sealed_plan"] else None
        except StorageFailed as error:
            _log.error("message %s: given up: %s", row["event_id"], error)
            return None
        place = Place(row["platform"], row["workspace"], row["channel"])
        stored = StoredJob(
            row["id"],
            Job(place, row["event_id"], JobKind(row["kind"]), payload, order),
            row["at"].replace(tzinfo=UTC),  # SQLite returns UTC without saying so
            row["attempts"],
            None if plan is None else [_planned(reply) for reply in plan],
            released=row["released"],
            owner=row["owner"] or "",
        )
        if stored.is_hopeless:
            _log.error(
                "message %s: given up after %s attempts", row["event_id"], stored.attempts - 1
            )
            return None
        return stored


async def _insert(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> Sequence[int]:
    """Insert rows; return their ids in the order of the rows."""
    if not rows:
        return []
    statement = insert(inbox).returning(inbox.c.id, sort_by_parameter_order=True)
    return (await connection.scalars(statement, rows)).all()


def _planned(stored: Mapping[str, Any]) -> PlannedReply:
    notice = stored["notice"]
    return PlannedReply(
        stored["card_id"],
        stored["shown_in"],
        (notice[0], notice[1]) if notice else None,
        tuple((label, ref) for label, ref in stored.get("choices", ())),
        stored.get("summary_id"),
    )


def _is_free(now: datetime) -> ColumnElement[bool]:
    # A kind that this version does not know is left to the newer one that stored it.
    return and_(inbox.c.parked == false(), _is_idle(now), inbox.c.kind.in_(list(JobKind)))


def _is_idle(now: datetime) -> ColumnElement[bool]:
    """Whether no process works off a job; parked ones have no lease."""
    return or_(inbox.c.lease_until.is_(None), inbox.c.lease_until < now)


def _is_in(place: Place) -> ColumnElement[bool]:
    return and_(*(inbox.c[name] == value for name, value in asdict(place).items()))
