"""Finds candidates in the model store, and decides between them and the active model in the end."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Protocol
from uuid import uuid4

from bot.concurrency.daemon_thread import DaemonThread
from bot.domain.cards import ModelRef
from bot.domain.errors import ModelUnusable, SoundslikeError, stack_of
from bot.domain.leases import SHADOWING, Leases
from bot.domain.ports import Classifier, Now
from bot.domain.shadow_answers import ShadowStore
from bot.services import shadow
from bot.services.shadow import ShadowService
from bot.texts import models
from bot.texts import shadow as texts
from model.errors import BundleInvalid, ModelError, SchemaMismatch
from model.gate_report import GateReport
from model.lifecycle import Event, State
from model.version_states import went_back

LOOK_TIMEOUT: Final = 30.0
MOVE_TIMEOUT: Final = 120.0
"""Time limits in seconds for reading states, and for fetching, promoting or rejecting."""

LEASE_TIME: Final = timedelta(minutes=5)
"""Length of the lease of the process that decides; longer than MOVE_TIMEOUT twice."""

BY: Final = "shadow"
"""Who moves candidates, in their events."""

REFUSED: Final = (BundleInvalid, SchemaMismatch, ModelUnusable)
"""Errors of candidates that cannot be served; others may be gone at the next check."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Competition:
    """The candidates of a model.

    Attributes:
        newest: The event of the one that answers beside the active model; None without one.
        waits: Whether a person has to promote it, as one went back to the active version.
        others: Why each of the others is rejected, by version.
    """

    newest: Event | None = None
    waits: bool = False
    others: Mapping[str, str] = field(default_factory=dict)


class Versions(Protocol):
    """The part of `model.versions.Versions` that is used; methods block and raise BundleError."""

    def states(self, name: str) -> Mapping[str, State]:
        """Return the state of each version of a model, without reading the bundles."""

    def history(self, name: str) -> Sequence[Event]:
        """Return the events of a model in order, without reading the bundles."""

    def active(self, name: str) -> str:
        """Return the active version of a model."""

    def report(self, name: str, version: str) -> GateReport | None:
        """Return the gate's report on a version; None without one."""

    def promote(
        self, name: str, version: str, by: str, reasons: Sequence[str] = (), *, expected: str = ""
    ) -> object:
        """Make a version the active one, if `expected` is the active one or empty."""

    def reject(self, name: str, version: str, by: str, reasons: Sequence[str]) -> None:
        """Refuse a version."""


class Candidates(Protocol):
    """The part of `ModelSource` that is used; the method blocks and raises what that raises."""

    def candidate(self, name: str, version: str) -> Classifier:
        """Return a version of a model that passed its test."""


class ShadowWatch:
    """Follows the newest candidate of the default model, and decides after SHADOW_HOURS.

    It is one that passed the gate's comparison with the active version, unless the gate did not
    judge it. The others are rejected, so that none of them replaces a later one. After a rollback
    by a person none is promoted: people do that.

    Args:
        hours: Time of a candidate beside the active model, in hours.
        open_versions: Opens the versions of the model store; called in a thread.
        source: Fetches and loads candidates.
        service: Lets the candidate classify.
        answers: What candidates would have answered.
        leases: Lets one process decide.
        now: Clock.
    """

    def __init__(
        self,
        hours: float,
        open_versions: Callable[[], Versions],
        *,
        source: Candidates,
        service: ShadowService,
        answers: ShadowStore,
        leases: Leases,
        now: Now,
    ) -> None:
        self._hours = hours
        self._open_versions = open_versions
        self._source = source
        self._service = service
        self._answers = answers
        self._leases = leases
        self._now = now
        self._owner = uuid4().hex
        self._opened: Versions | None = None
        self._unusable: tuple[ModelRef, Exception] | None = None
        self._problems: set[str] = set()
        self._reports: dict[str, GateReport | None] = {}
        self._seen: tuple[tuple[str, str, str], datetime] | None = None

    async def check(self, thread: DaemonThread, active: Classifier) -> None:
        """Follow the newest candidate, or decide if its time is over; does not raise."""
        try:
            await self._check(thread, active.name)
        except TimeoutError:
            self._report(active.name, models.too_slow(texts.STORE))
        except (ModelError, SoundslikeError, OSError) as error:
            self._report(active.name, str(error))
        except Exception as error:  # noqa: BLE001 - no check would follow
            self._report(active.name, stack_of(error))
        else:
            self._problems.clear()

    async def _check(self, thread: DaemonThread, name: str) -> None:
        found = await thread.run(LOOK_TIMEOUT, partial(self._competition, name))
        if found.others:
            await self._alone(partial(self._reject_others, thread, name))
        newest = found.newest
        if newest is None:
            self._service.follow(None)
            return
        ref = ModelRef(newest.name, newest.version)
        await self._follow(thread, ref)
        if not found.waits and self._now() - self._since(newest) >= timedelta(hours=self._hours):
            await self._alone(partial(self._decide, thread, ref))

    def _since(self, newest: Event) -> datetime:
        """Return since when a version is a candidate.

        An event in the future was recorded with a wrong clock; since the first look at it, then.
        """
        now, key = self._now(), (newest.name, newest.version, newest.at)
        if not self._seen or self._seen[0] != key or self._seen[1] > now:
            self._seen = key, now
        return min(datetime.fromisoformat(newest.at), self._seen[1])

    async def _follow(self, thread: DaemonThread, ref: ModelRef) -> None:
        """Load a candidate, unless it is loaded or known to be unusable."""
        loaded = self._service.candidate
        if (loaded and loaded.version == ref.version) or self._why_unusable(ref):
            return
        self._service.follow(None)
        load = partial(self._source.candidate, ref.name, ref.version)
        try:
            self._service.follow(await thread.run(MOVE_TIMEOUT, load))
        except REFUSED as error:
            self._unusable = ref, error
            self._report(ref.name, str(error))
            return
        _log.info("%s", texts.followed(ref.name, ref.version, self._hours))

    async def _alone(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do what one process does, unless another one is at it."""
        if not await self._leases.take(SHADOWING, self._owner, LEASE_TIME):
            return
        try:
            await work()
        finally:
            await self._leases.release(SHADOWING, self._owner)

    async def _reject_others(self, thread: DaemonThread, name: str) -> None:
        """Reject the candidates that another one or another active version superseded."""
        found = await thread.run(LOOK_TIMEOUT, partial(self._competition, name))
        for version, why in found.others.items():
            ref = ModelRef(name, version)
            await thread.run(MOVE_TIMEOUT, partial(self._move, ref, (why,), refused=True))
            _log.info("%s", texts.decided(name, version, State.REJECTED, (why,)))

    async def _decide(self, thread: DaemonThread, ref: ModelRef) -> None:
        """Decide, unless another process has."""
        found = await thread.run(LOOK_TIMEOUT, partial(self._competition, ref.name))
        if found.waits or found.newest is None or found.newest.version != ref.version:
            return
        if why := self._why_unusable(ref):
            refused = True
            reasons: tuple[str, ...] = (texts.unusable(why),)
        else:
            compared = await self._answers.compared(ref)
            refused, reasons = shadow.is_refused(compared), shadow.reasons(compared)
        move = partial(self._move, ref, reasons, refused=refused)
        await thread.run(MOVE_TIMEOUT, move)
        self._service.follow(None)
        state = State.REJECTED if refused else State.ACTIVE
        _log.info("%s", texts.decided(ref.name, ref.version, state, reasons))

    def _why_unusable(self, ref: ModelRef) -> Exception | None:
        return self._unusable[1] if self._unusable and self._unusable[0] == ref else None

    def _report(self, name: str, why: str) -> None:
        """Log a failure once, until a check succeeds."""
        if why not in self._problems:
            self._problems.add(why)
            _log.warning("%s", texts.not_followed(name, why))

    # The methods below block: they run in the thread.

    def _versions(self) -> Versions:
        if self._opened is None:
            self._opened = self._open_versions()
        return self._opened

    def _competition(self, name: str) -> Competition:
        """Return which candidate answers beside the active model, and which are rejected."""
        states = self._versions().states(name)
        candidates = {one for one, state in states.items() if state is State.CANDIDATE}
        self._reports = {one: seen for one, seen in self._reports.items() if one in candidates}
        if not candidates:
            return Competition()
        history = self._versions().history(name)
        active = self._versions().active(name)
        became = {one.version: one for one in history if one.state is State.CANDIDATE}
        latest = sorted(candidates & {*became}, key=lambda one: history.index(became[one]))
        newest: Event | None = None
        others: dict[str, str] = {}
        for version in reversed(latest):
            report = self._report_on(name, version)
            if report and not report.passed:
                continue  # the process that made it is about to reject it
            if report and report.active != active:
                others[version] = texts.outdated(report.active, active)
            elif newest:
                others[version] = texts.superseded(newest.version)
            else:
                newest = became[version]
        return Competition(newest, went_back(history), others)

    def _report_on(self, name: str, version: str) -> GateReport | None:
        """Return the gate's report, which does not change; one that is damaged counts as none."""
        if version not in self._reports:
            self._reports[version] = None
            with suppress(BundleInvalid):  # the candidate cannot be served either
                self._reports[version] = self._versions().report(name, version)
        return self._reports[version]

    def _move(self, ref: ModelRef, reasons: tuple[str, ...], *, refused: bool) -> None:
        if refused:
            self._versions().reject(ref.name, ref.version, BY, reasons)
        else:
            report = self._report_on(ref.name, ref.version)
            # If another version became active, this fails, and the next check rejects it.
            expected = report.active if report else ""
            self._versions().promote(ref.name, ref.version, BY, reasons, expected=expected)
