"""In-memory inbox and gateway sessions; the contract tests run against them and the database."""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.domain.errors import StorageFailed
from bot.domain.jobs import (
    LASTING,
    GatewaySession,
    Job,
    JobKind,
    Payload,
    PlannedReply,
    StoredJob,
)
from bot.domain.places import Place
from bot.domain.ports import Now
from bot.storage.gateway_sessions import MAX_AGE

_log = logging.getLogger(__name__)


@dataclass
class InboxRow:
    """A job of a FakeInbox."""

    stored: StoredJob
    owner: str | None
    lease_until: datetime | None
    parked: bool = False


class FakeInbox:
    """Implements Inbox. While `locked` is set, writing fails as with a locked database."""

    def __init__(self, seen: set[str], now: Now = lambda: datetime.now(UTC)) -> None:
        self.seen = seen
        self.now = now
        self.rows: dict[int, InboxRow] = {}
        self.locked = False
        self._last_id = 0

    async def add(
        self, jobs: Sequence[Job], owner: str, lease: timedelta
    ) -> Sequence[StoredJob | None]:
        self._check()
        return [self._add(job, owner, lease) for job in jobs]

    def leave(self, jobs: Iterable[Job]) -> None:
        """Store jobs that no process has taken, as another store does."""
        for job in jobs:
            self._last_id += 1
            stored = StoredJob(self._last_id, job, self.now(), attempts=0)
            self.rows[stored.id] = InboxRow(stored, None, None)

    async def claim(
        self, platform: str, owner: str, lease: timedelta, limit: int
    ) -> Sequence[StoredJob]:
        now = self.now()
        free = [row for row in self._of(platform) if not row.parked and _is_free(row, now)]
        if free:
            self._check()
        ranks: Counter[str] = Counter()
        ranked: list[tuple[int, int]] = []
        for row in free:
            workspace = row.stored.job.place.workspace
            ranks[workspace] += 1
            ranked.append((ranks[workspace], row.stored.id))
        taken = []
        for _, job_id in sorted(ranked)[:limit]:
            row = self.rows[job_id]
            attempts = row.stored.attempts + 1
            row.stored = replace(row.stored, attempts=attempts, owner=owner)
            row.owner, row.lease_until = owner, now + lease
            if row.stored.is_hopeless:
                attempts = row.stored.attempts - 1
                _log.error("message %s: given up after %s attempts", row.stored.job.id, attempts)
                del self.rows[job_id]
            else:
                taken.append(row.stored)
        return taken

    async def renew(self, owner: str, job_ids: Sequence[int], lease: timedelta) -> Sequence[int]:
        self._check()
        own = [row for row in self._owned(owner) if row.stored.id in job_ids]
        for row in own:
            row.lease_until = self.now() + lease
        return [row.stored.id for row in own]

    async def disown(
        self, owner: str, job_ids: Sequence[int] | None = None, *, counted: bool = False
    ) -> int:
        self._check()
        rows = [row for row in self._owned(owner) if job_ids is None or row.stored.id in job_ids]
        for row in rows:
            row.owner = row.lease_until = None
            attempts = row.stored.attempts - (not counted)
            row.stored = replace(row.stored, attempts=attempts)
        return len(rows)

    async def plan(self, stored: StoredJob, replies: Sequence[PlannedReply]) -> bool:
        self._check()
        row = self.rows.get(stored.id)
        if row is None or row.owner != stored.owner:
            return False
        row.stored = replace(row.stored, plan=list(replies))
        return True

    async def finish(self, job_ids: Sequence[int]) -> None:
        self._check()
        for job_id in job_ids:
            self.rows.pop(job_id, None)

    async def earlier(self, stored: StoredJob) -> Sequence[StoredJob]:
        now = self.now()
        return [
            replace(row.stored, owner="" if _is_free(row, now) else row.owner or "")
            for row_id, row in sorted(self.rows.items())
            if row_id < stored.id
            and row.stored.job.place == stored.job.place
            and row.stored.job.order == stored.job.order
            and row.stored.job.kind in {JobKind.MESSAGE, JobKind.EDIT}
        ]

    async def amend(self, stored: StoredJob, payload: Payload | None) -> bool:
        self._check()
        row = self.rows.get(stored.id)
        owned = row and (row.owner == stored.owner if stored.owner else _is_free(row, self.now()))
        if row is None or not owned:
            return False
        if payload is None:
            del self.rows[stored.id]
        else:
            row.stored = replace(row.stored, job=replace(row.stored.job, payload=payload))
        return True

    async def park(self, job_id: int) -> None:
        self._check()
        if row := self.rows.get(job_id):
            row.parked, row.owner, row.lease_until = True, None, None

    async def parked(self, place: Place) -> int:
        return len(list(self._parked(place)))

    async def release(self, place: Place) -> int:
        self._check()
        rows = list(self._parked(place))
        for row in rows:
            row.parked = False
            row.stored = replace(row.stored, released=True)
        return len(rows)

    async def is_sending(self, place: Place) -> bool:
        stored = (row.stored for row in self.rows.values())
        return any(one.job.place == place and one.plan is not None for one in stored)

    async def parked_places(self, platform: str) -> Sequence[Place]:
        parked = (row for row in self._of(platform) if row.parked)
        return list({row.stored.job.place: None for row in parked})

    async def expire(self, platform: str, before: datetime) -> int:
        old = [
            job_id
            for job_id, row in self.rows.items()
            if row.stored.job.place.platform == platform
            and row.stored.accepted_at < before
            and (row.parked or row.stored.job.kind not in LASTING)
        ]
        for job_id in old:
            del self.rows[job_id]
        return len(old)

    async def backlog(self) -> int:
        return sum(not row.parked for row in self.rows.values())

    def _add(self, job: Job, owner: str, lease: timedelta) -> StoredJob | None:
        if job.key in self.seen:
            return None
        self.seen.add(job.key)
        self._last_id += 1
        stored = StoredJob(self._last_id, job, self.now(), owner=owner)
        self.rows[stored.id] = InboxRow(stored, owner, self.now() + lease)
        return stored

    def _of(self, platform: str) -> list[InboxRow]:
        rows = self.rows.values()
        return [row for row in rows if row.stored.job.place.platform == platform]

    def _owned(self, owner: str) -> list[InboxRow]:
        return [row for row in self.rows.values() if row.owner == owner]

    def _parked(self, place: Place) -> Iterable[InboxRow]:
        return (row for row in self.rows.values() if row.parked and row.stored.job.place == place)

    def _check(self) -> None:
        if self.locked:
            raise StorageFailed("the database is locked")


class FakeGatewaySessions:
    """Implements GatewaySessionStore."""

    def __init__(self, now: Now = lambda: datetime.now(UTC)) -> None:
        self.now = now
        self.stored: dict[tuple[str, int], tuple[GatewaySession, datetime]] = {}

    async def save(self, platform: str, session: GatewaySession) -> None:
        self.stored[platform, session.shard] = session, self.now()

    async def load(self, platform: str) -> Sequence[GatewaySession]:
        since = self.now() - MAX_AGE
        return [
            session
            for (name, _), (session, at) in sorted(self.stored.items())
            if name == platform and at >= since
        ]


def _is_free(row: InboxRow, now: datetime) -> bool:
    return row.lease_until is None or row.lease_until < now
