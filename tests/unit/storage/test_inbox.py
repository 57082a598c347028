"""What an inbox leaves in the database's file."""

import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.jobs import Job, JobKind, PlannedReply
from bot.domain.places import Place
from bot.storage.engine import open_database
from bot.storage.inbox import SqlInbox
from bot.storage.sealed_json import SealedJson
from bot.storage.user_hash import derive_user_hasher

PRIVATE = {
    "user": "U-the-person",
    "text": "words-of-a-search",
    "token": "interaction-token",
    "response_url": "https://hooks.slack.example/commands/secret",
}
ORDER = "42/U-the-person"
JOB = Job(Place("slack", "T1", "C1"), "1", JobKind.COMMAND, PRIVATE, ORDER)
NOTICE = "No song is called words-of-a-search."
READABLE = (*PRIVATE.values(), ORDER, NOTICE)
LEASE = timedelta(seconds=-1)


@asynccontextmanager
async def opened(folder: Path, key: str = "k" * 32) -> AsyncIterator[SqlInbox]:
    async with open_database(folder / "bot.db") as database:
        sealed = SealedJson(derive_user_hasher(key).derive_key)
        yield SqlInbox(database, lambda: datetime.now(UTC), sealed)


def contents(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("bot.db*"))


async def test_nothing_of_a_payload_or_a_plan_is_readable(tmp_path: Path) -> None:
    async with opened(tmp_path) as inbox:
        (stored,) = await inbox.add([JOB], "me", LEASE)
        assert stored
        await inbox.plan(stored, [PlannedReply(notice=("not_found", NOTICE))])
        assert await inbox.backlog() == 1
        found = contents(tmp_path)
    assert b"T1" in found
    assert [value for value in READABLE if value.encode() in found + contents(tmp_path)] == []


async def test_nothing_of_a_finished_job_is_left(tmp_path: Path) -> None:
    async with opened(tmp_path) as inbox:
        (stored,) = await inbox.add([JOB], "me", LEASE)
        assert stored
        await inbox.plan(stored, [PlannedReply(notice=("not_found", NOTICE))])
        with closing(sqlite3.connect(tmp_path / "bot.db")) as connection:
            ((sealed, plan),) = connection.execute("SELECT sealed, sealed_plan FROM inbox")
        await inbox.finish([stored.id])
    found = contents(tmp_path)  # the write-ahead log is removed at the end
    assert sealed.encode() not in found
    assert plan.encode() not in found


async def test_job_that_was_encrypted_with_another_key_is_given_up_with_a_log_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(tmp_path) as inbox:
        await inbox.add([JOB], "me", LEASE)
    caplog.set_level(logging.INFO)
    async with opened(tmp_path, "another key, which is long enough") as inbox:
        (new,) = await inbox.add([Job(JOB.place, "2", JOB.kind, {})], "me", LEASE)
        assert new
        assert [one.job.id for one in await inbox.claim("slack", "me", LEASE, 10)] == ["2"]
        assert await inbox.backlog() == 1
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith("message 1: given up: ")
    assert "another key" in line


async def test_job_of_a_kind_that_only_a_newer_version_knows_is_left_to_it(tmp_path: Path) -> None:
    async with opened(tmp_path) as inbox:
        await inbox.add([JOB, Job(JOB.place, "2", JOB.kind, {})], "me", LEASE)
        with closing(sqlite3.connect(tmp_path / "bot.db")) as connection, connection:
            connection.execute("UPDATE inbox SET kind = 'dance' WHERE event_id = '1'")
        assert [one.job.id for one in await inbox.claim("slack", "me", LEASE, 10)] == ["2"]
        assert await inbox.backlog() == 2
