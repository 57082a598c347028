"""Informs the owner's channel of what became of trainings."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Final

from bot.concurrency.backoff import Backoff
from bot.domain.errors import StorageFailed, Unavailable, stack_of
from bot.domain.leases import ANNOUNCING, Leases
from bot.domain.places import Place
from bot.domain.ports import Now
from bot.domain.trainings import GateReports, TrainingRun, TrainingState, TrainingStore
from bot.texts import retraining as words

INTERVAL: Final = 60.0
LAST_RETRY: Final = 3600.0
"""Seconds between two looks for results to send; after a failure it doubles up to the last."""

MAX_ATTEMPTS: Final = 5
"""Attempts of a process to send a result; another process, or the next start, makes more."""

MAX_AGE: Final = timedelta(days=7)
"""Age of results that are not sent any more."""

SEND_SECONDS: Final = 60.0
LEASE: Final = timedelta(minutes=10)
BATCH: Final = 5
"""Time for sending a result, and for sending as many as are read at once."""

WITH_FIGURES: Final = frozenset(
    {TrainingState.ACTIVE, TrainingState.CANDIDATE, TrainingState.REJECTED}
)

Send = Callable[[Place, str], Awaitable[None]]
"""Sends a sentence to a channel; raises Unavailable."""

_log = logging.getLogger(__name__)


class AnnouncementService:
    """Opens the announcements of the platform to which the owner's channel belongs.

    Args:
        place: The owner's channel; None without one.
        trainings: Store of the trainings.
        reports: What the gate found on versions.
        leases: Store of the leases, so that one process sends each result.
        owner: Name of this process among others.
        now: Clock.
        interval: Seconds between two looks for results.
    """

    def __init__(
        self,
        place: Place | None,
        *,
        trainings: TrainingStore,
        reports: GateReports,
        leases: Leases,
        owner: str,
        now: Now,
        interval: float = INTERVAL,
    ) -> None:
        self.place = place
        self.trainings = trainings
        self.reports = reports
        self.leases = leases
        self.owner = owner
        self.now = now
        self.interval = interval

    def open(self, platform: str, send: Send) -> "Announcements":
        """Return those of a platform; there are none if the channel belongs to another one."""
        place = self.place if self.place and self.place.platform == platform else None
        return Announcements(self, place, send)


class Announcements:
    """Sends results to the owner's channel, each once, from the start to the end of a platform."""

    def __init__(self, service: AnnouncementService, place: Place | None, send: Send) -> None:
        self._service = service
        self._place = place
        self._send = send
        self._attempts: Counter[int] = Counter()
        self._sent: set[int] = set()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to send; do nothing if it has begun, or if there is nothing to send here."""
        if self._place and self._task is None:
            self._task = asyncio.create_task(self._repeat(self._place))

    async def close(self) -> None:
        """End sending; what is not sent then is sent after the next start."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _repeat(self, place: Place) -> None:
        backoff = Backoff(self._service.interval, max(LAST_RETRY, self._service.interval))
        while True:
            delay = self._service.interval
            try:
                if await self._announce_all(place):
                    backoff.reset()
                else:
                    delay = backoff.next_delay()
            except StorageFailed as error:
                _log.info("%s", words.not_announced(error))
            except Exception as error:  # noqa: BLE001 - the platform must go on
                _log.error("%s", stack_of(error))
            await asyncio.sleep(delay)

    async def _announce_all(self, place: Place) -> bool:
        """Send what is waiting, unless another process does; return whether nothing failed."""
        service = self._service
        if not await self._waiting():
            return True
        if not await service.leases.take(ANNOUNCING, service.owner, LEASE):
            return True
        try:
            # Asked again, as another process may have sent some until it gave the lease up.
            for run in await self._waiting():
                if not await self._announce(run, place):
                    return False
            return True
        finally:
            with suppress(StorageFailed):
                await service.leases.release(ANNOUNCING, service.owner)

    async def _waiting(self) -> list[TrainingRun]:
        since = self._service.now() - MAX_AGE
        # Those that this process gave up may be many, and must not hide others.
        limit = BATCH + sum(count >= MAX_ATTEMPTS for count in self._attempts.values())
        runs = await self._service.trainings.unannounced(since, limit)
        return [run for run in runs if self._attempts[run.id] < MAX_ATTEMPTS][:BATCH]

    async def _announce(self, run: TrainingRun, place: Place) -> bool:
        """Send one result and store that; return whether it was sent."""
        if run.id not in self._sent:
            try:
                async with asyncio.timeout(SEND_SECONDS):
                    await self._send(place, await self._text(run))
            except (Unavailable, TimeoutError) as error:
                self._attempts[run.id] += 1
                if self._attempts[run.id] < MAX_ATTEMPTS:
                    _log.warning("%s", words.not_announced(_reason(error)))
                else:
                    _log.warning("%s", words.given_up(_reason(error)))
                return False
            self._sent.add(run.id)
        await self._service.trainings.mark_announced(run.id)
        return True

    async def _text(self, run: TrainingRun) -> str:
        result = run.result
        if result is None or result.version is None or result.state not in WITH_FIGURES:
            return words.result(run)
        return words.result(run, await self._service.reports.of(run.model, result.version))


def _reason(error: Exception) -> str:
    return str(error) or f"no answer in {SEND_SECONDS:g} s"
