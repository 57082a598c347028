"""Which files of jobs are remembered, and when their addresses expire."""

from datetime import UTC, datetime
from typing import Any

import discord
import pytest

from bot.domain.jobs import Job, JobKind, StoredJob
from bot.domain.places import Place
from bot.platforms.discord.attachments import SoundFile
from bot.platforms.discord.sound_uploads import MAX_JOBS, SoundUploads, is_expired

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def uploads() -> SoundUploads:
    return SoundUploads(discord.Client(intents=discord.Intents.none()), lambda: NOW)


def file(number: int) -> SoundFile:
    return SoundFile(str(number), f"{number}.mp3", f"https://cdn.discordapp.com/{number}", 1)


def command(number: int, *files: SoundFile) -> StoredJob:
    """Return the job of a command, whose files can be found in memory only."""
    payload: dict[str, Any] = {"sounds": [one.id for one in files], "options": {}}
    job = Job(Place("discord", "1", "2"), str(number), JobKind.COMMAND, payload)
    return StoredJob(number, job, NOW)


async def names(uploads: SoundUploads, stored: StoredJob) -> list[str]:
    return [upload.name for upload in await uploads.of(stored)]


async def test_files_are_remembered_until_their_job_is_done(uploads: SoundUploads) -> None:
    stored = command(1, file(1), file(2))
    uploads.remember(stored.job, [file(1), file(2)])
    assert await names(uploads, stored) == ["1.mp3", "2.mp3"]
    assert [upload.size for upload in await uploads.of(stored)] == [1, 1]
    uploads.forget(stored)
    assert await names(uploads, stored) == [""]  # one stands for all that are missing


async def test_files_of_the_oldest_jobs_are_forgotten(uploads: SoundUploads) -> None:
    jobs = [command(number, file(number)) for number in range(MAX_JOBS + 1)]
    for stored in jobs:
        uploads.remember(stored.job, [file(stored.id)])
    assert await names(uploads, jobs[0]) == [""]
    assert await names(uploads, jobs[1]) == ["1.mp3"]
    assert await names(uploads, jobs[-1]) == [f"{MAX_JOBS}.mp3"]


async def test_job_without_files_has_none_and_takes_no_room(uploads: SoundUploads) -> None:
    kept = command(0, file(0))
    uploads.remember(kept.job, [file(0)])
    for number in range(1, MAX_JOBS + 2):
        uploads.remember(command(number).job, [])
    assert await names(uploads, kept) == ["0.mp3"]
    assert await names(uploads, command(1)) == []


@pytest.mark.parametrize(
    ("query", "expired"),
    [
        (f"?ex={int(NOW.timestamp()):x}&is=1&hm=2", True),
        (f"?ex={int(NOW.timestamp()) + 1:x}", False),
        ("?ex=", False),
        ("?ex=soon", False),
        ("", False),
    ],
)
def test_addresses_expire_at_the_time_that_they_name(query: str, expired: bool) -> None:  # noqa: FBT001 - as in the table
    assert is_expired(f"https://cdn.discordapp.com/1.mp3{query}", NOW.timestamp()) is expired
