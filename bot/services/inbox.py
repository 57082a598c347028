"""Opens the inbox for each platform: one runner that accepts its jobs and works them off."""

from datetime import timedelta

from bot.domain.ports import Inbox, Now
from bot.services.job_outcomes import Handle
from bot.services.job_runner import POLL_INTERVAL, JobRunner, OnExpired


class InboxService:
    """Opens the runners of the platforms on one inbox.

    Args:
        inbox: The store.
        now: Clock.
        max_age: Messages and commands that wait longer are deleted; votes are not.
        poll_interval: Seconds between two searches for jobs of processes that ended.
    """

    def __init__(
        self,
        inbox: Inbox,
        now: Now,
        max_age: timedelta,
        poll_interval: float = POLL_INTERVAL,
    ) -> None:
        self._inbox = inbox
        self._now = now
        self.max_age = max_age
        self.poll_interval = poll_interval

    async def backlog(self) -> int:
        """Count the jobs that wait to be worked off; raise StorageFailed."""
        return await self._inbox.backlog()

    def open(self, platform: str, handle: Handle, on_expired: OnExpired | None = None) -> JobRunner:
        """Return a runner that passes the jobs of a platform to `handle`.

        `on_expired` is called at the start and then after each deletion of old jobs, every minute.
        """
        return JobRunner(
            self._inbox,
            platform,
            handle,
            on_expired=on_expired,
            now=self._now,
            max_age=self.max_age,
            poll_interval=self.poll_interval,
        )
