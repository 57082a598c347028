"""Rows of the inbox, and jobs that another store leaves there in its own transaction."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.jobs import Job
from bot.storage.sealed_json import SealedJson
from bot.storage.tables import inbox


def free_row(job: Job, now: datetime, sealed_json: SealedJson) -> dict[str, Any]:
    """Return the row of a job that no process has taken."""
    return {
        **asdict(job.place),
        "event_id": job.id,
        "kind": job.kind,
        "sealed": sealed_json.seal([job.payload, job.order]),
        "parked": False,
        "released": False,
        "attempts": 0,
        "owner": None,
        "lease_until": None,
        "at": now,
    }


class SqlOutbox:
    """Leaves jobs in the inbox: they exist if and only if the transaction is committed."""

    def __init__(self, sealed_json: SealedJson) -> None:
        self._sealed_json = sealed_json

    async def leave(self, connection: AsyncConnection, jobs: Sequence[Job], now: datetime) -> None:
        """Store jobs for any process of their platform."""
        if jobs:
            rows = [free_row(job, now, self._sealed_json) for job in jobs]
            await connection.execute(insert(inbox), rows)
