"""Trainings by the bot itself: their causes, states and results, and the ports for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from model.gate_report import GateReport


class Cause(StrEnum):
    """Why a training was started."""

    CORRECTIONS = "corrections"
    TIME = "time"
    REQUEST = "request"


class TrainingState(StrEnum):
    """State of a training, or what became of it.

    `ACTIVE`, `CANDIDATE` and `REJECTED` are the states of the new version (`model.lifecycle`).
    `BUSY` is none: a process without the lease trained, as `train retrain` does by hand.
    """

    RUNNING = "running"
    FAILED = "failed"
    BUSY = "busy"
    UNCHANGED = "unchanged"
    ACTIVE = "active"
    CANDIDATE = "candidate"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """What became of a training.

    Attributes:
        state: Never `RUNNING`.
        version: Version of the new model; None without one.
        reasons: Sentences that say why.
    """

    state: TrainingState
    version: str | None = None
    reasons: tuple[str, ...] = ()

    @classmethod
    def failure(cls, reason: str) -> "TrainingResult":
        """Return the result of a training that failed."""
        return cls(TrainingState.FAILED, None, (reason,))


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """A training of a model.

    Attributes:
        id: Its number.
        model: Name of the model.
        cause: Why it was started.
        result: What became of it; None while it runs.
        started_at: When it was started.
        finished_at: When it ended; None while it runs.
    """

    id: int
    model: str
    cause: Cause
    result: TrainingResult | None
    started_at: datetime
    finished_at: datetime | None = None

    @property
    def failed(self) -> bool:
        """Whether it ended without a result."""
        return self.result is not None and self.result.state is TrainingState.FAILED

    @property
    def was_busy(self) -> bool:
        """Whether another process trained, so that it was none."""
        return self.result is not None and self.result.state is TrainingState.BUSY


class TrainingStore(Protocol):
    """Stores trainings, and counts what people corrected since. Methods raise StorageFailed.

    Trainings that were started more than a day after the present moment are not counted: the clock
    was wrong then.
    """

    async def start(self, model: str, cause: Cause) -> TrainingRun:
        """Store a training that starts now."""

    async def finish(self, run_id: int, result: TrainingResult, *, announced: bool) -> None:
        """Store what became of a training that runs.

        With `announced`, the owner's channel is not informed.
        """

    async def abandon(self, result: TrainingResult, *, announced: bool) -> int:
        """Finish all trainings that are stored as running with `result`; return how many.

        For the process that has the lease: those that ran them have ended.
        """

    async def recent(self, model: str, limit: int) -> Sequence[TrainingRun]:
        """Return the latest trainings of a model, the newest first."""

    async def last_timed(self, model: str) -> datetime | None:
        """Return when the last training by time was started; None without.

        One that failed, or was none (`BUSY`), does not count.
        """

    async def watched_since(self, model: str) -> datetime:
        """Return when this was first called for a model: from then on, times may be missed."""

    async def agreed_since_last(self, model: str) -> int:
        """Estimate how many tracks have a new correction that training will agree on.

        A correction is new if it was made since the last training that made a version was started.
        Votes on a public page count if it is learned from.
        """

    async def newest_vote(self) -> int:
        """Return the number of the newest change of a vote; numbers grow by one or more."""

    async def voted_since_last(self, model: str) -> bool:
        """Return whether a vote was changed since the last training that did not fail."""

    async def corrections_since(self, moment: datetime | None) -> int:
        """Count the corrections of all servers that were made after a moment; all without one.

        A correction is a vote that counts, for another genre than the card predicted. Votes on a
        public page count if it is learned from.
        """

    async def unannounced(self, since: datetime, limit: int) -> Sequence[TrainingRun]:
        """Return trainings ended since then that the owner's channel awaits, oldest first."""

    async def mark_announced(self, run_id: int) -> bool:
        """Store that the owner's channel was informed; False if it was before."""


class Trainer(Protocol):
    """Trains a model."""

    async def train(self) -> TrainingResult:
        """Train, compare and perhaps promote; a failure is a result, too.

        When it is cancelled, the training ends before it returns.
        """


class GateReports(Protocol):
    """Reads what the gate found on versions."""

    async def of(self, model: str, version: str) -> GateReport | None:
        """Return the report on a version; None if there is none or it cannot be read."""


class NoReports:
    """Implements `GateReports` without any report."""

    async def of(self, model: str, version: str) -> GateReport | None:
        """Return None."""
        del model, version
        return None
