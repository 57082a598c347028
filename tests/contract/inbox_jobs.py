"""Jobs for the contract tests of Inbox, and functions that store and take them."""

from collections.abc import Sequence
from datetime import timedelta

from bot.domain.jobs import Job, JobKind, StoredJob
from bot.domain.places import Place
from bot.domain.ports import Inbox

MINE, OTHER = "a" * 32, "b" * 32
LEASE = timedelta(minutes=1)
NO_TIME = timedelta(seconds=-1)
MUSIC = Place("discord", "w", "music")
PAYLOAD = {"user": "ann", "links": "https://open.spotify.com/track/x", "nested": {"a": [1, None]}}


def job(
    job_id: str, place: Place = MUSIC, kind: JobKind = JobKind.MESSAGE, order: str | None = None
) -> Job:
    return Job(place, job_id, kind, PAYLOAD, order)


def ids(jobs: Sequence[StoredJob | None]) -> list[str | None]:
    return [stored.job.id if stored else None for stored in jobs]


async def add(inbox: Inbox, *jobs: Job, lease: timedelta = NO_TIME) -> list[StoredJob]:
    """Store jobs, free by default; return them."""
    added = await inbox.add(jobs, MINE, lease)
    return [stored for stored in added if stored]


async def claim(
    inbox: Inbox, owner: str = MINE, limit: int = 100, platform: str = "discord"
) -> list[str | None]:
    return ids(await inbox.claim(platform, owner, LEASE, limit))
