"""Candidates are found in the model store, followed, and promoted or rejected in the end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.concurrency.daemon_thread import DaemonThread
from bot.domain.cards import ModelRef
from bot.domain.leases import SHADOWING
from bot.domain.ports import Classifier
from bot.domain.shadow_answers import ShadowComparison
from bot.runtime.shadow_watch import LEASE_TIME, ShadowWatch
from bot.services.shadow import ShadowService
from model.errors import BundleInvalid, StoreUnavailable
from model.gate_report import Check, GateReport
from model.lifecycle import Event, State, time_text
from model.version_states import ROLLBACK
from tests.support.fake_leases import FakeLeases
from tests.support.fakes import FakeClassifier

START = datetime(2026, 1, 31, 12, tzinfo=UTC)
HOURS = 24
ACTIVE = FakeClassifier("wide", "1")


@dataclass
class FakeVersions:
    """Has the states of versions, and since when. `moves` are those that were asked for.

    Attributes:
        away: Raised by `states`.
        compared: The version that the gate compared each candidate with.
        failed: Candidates that the gate did not pass.
        rolled_back: Whether version 1 was returned to.
    """

    states_: dict[str, tuple[State, datetime]] = field(
        default_factory=lambda: {"1": (State.ACTIVE, START)}
    )
    moves: list[tuple[str, str, str, Sequence[str]]] = field(default_factory=list)
    away: Exception | None = None
    compared: str = "1"
    failed: set[str] = field(default_factory=set)
    rolled_back: bool = False

    def states(self, name: str) -> Mapping[str, State]:
        del name
        if self.away:
            raise self.away.with_traceback(None)  # as a new one
        return {version: state for version, (state, _) in self.states_.items()}

    def history(self, name: str) -> Sequence[Event]:
        return [
            Event(name, version, state, time_text(at), self._by(state))
            for version, (state, at) in self.states_.items()
        ]

    def _by(self, state: State) -> str:
        return ROLLBACK if self.rolled_back and state is State.ACTIVE else "retrain"

    def active(self, name: str) -> str:
        del name
        return next(one for one, (state, _) in self.states_.items() if state is State.ACTIVE)

    def report(self, name: str, version: str) -> GateReport | None:
        del name
        check = Check("sane", version not in self.failed, "It is sane.")
        return GateReport(self.compared, 40, 12, {}, (check,))

    def promote(
        self, name: str, version: str, by: str, reasons: Sequence[str] = (), *, expected: str = ""
    ) -> None:
        assert expected == self.compared, "only what the gate compared it with is replaced"
        self._move("promote", State.ACTIVE, name, version, by, reasons)

    def reject(self, name: str, version: str, by: str, reasons: Sequence[str]) -> None:
        self._move("reject", State.REJECTED, name, version, by, reasons)

    def _move(self, what: str, state: State, name: str, *move: Any) -> None:
        version, by, reasons = move
        assert name == "wide"
        self.moves.append((what, version, by, reasons))
        self.states_[version] = (state, self.states_[version][1])


class FakeSource:
    """Loads candidates; raises `error` if it is set. `loaded` are those that were asked for."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.loaded: list[str] = []

    def candidate(self, name: str, version: str) -> Classifier:
        self.loaded.append(version)
        if self.error:
            raise self.error
        return FakeClassifier(name, version)


class FixedFigures:
    """Implements ShadowStore with the figures that a test sets."""

    def __init__(self) -> None:
        self.figures = ShadowComparison(0, 0, 0, 0)

    async def add(self, card_id: int, candidate: ModelRef, genres: Mapping[str, float]) -> None:
        raise AssertionError(card_id, candidate, genres)

    async def compared(self, candidate: ModelRef) -> ShadowComparison:
        assert candidate == ModelRef("wide", "2")
        return self.figures


class Shadowing:
    """A watch of candidates on fakes. `time` is its clock."""

    def __init__(self) -> None:
        self.time = START
        self.versions = FakeVersions()
        self.source = FakeSource()
        self.answers = FixedFigures()
        self.service = ShadowService(self.answers)
        self.leases = FakeLeases(lambda: self.time)
        self.watch = self.another()

    def another(self) -> ShadowWatch:
        """Return the watch of another process on the same store and database."""
        return ShadowWatch(
            HOURS,
            lambda: self.versions,
            source=self.source,
            service=self.service,
            answers=self.answers,
            leases=self.leases,
            now=lambda: self.time,
        )

    async def check(self, watch: ShadowWatch | None = None) -> None:
        await (watch or self.watch).check(DaemonThread("test"), ACTIVE)

    def add_candidate(self, version: str = "2") -> None:
        self.versions.states_[version] = (State.CANDIDATE, self.time)


@pytest.fixture
def shadowing() -> Shadowing:
    return Shadowing()


def followed(shadowing: Shadowing) -> str | None:
    candidate = shadowing.service.candidate
    return candidate.version if candidate else None


async def test_newest_candidate_is_followed_until_it_is_none(shadowing: Shadowing) -> None:
    await shadowing.check()
    assert followed(shadowing) is None
    shadowing.add_candidate()
    for _ in range(2):
        await shadowing.check()
    assert followed(shadowing) == "2"
    shadowing.time += timedelta(hours=1)
    shadowing.add_candidate("3")
    await shadowing.check()
    assert followed(shadowing) == "3"
    assert shadowing.versions.moves == [("reject", "2", "shadow", ("3 superseded it",))]
    shadowing.versions.states_["3"] = (State.REJECTED, START)
    await shadowing.check()
    assert followed(shadowing) is None
    assert shadowing.source.loaded == ["2", "3"]
    assert len(shadowing.versions.moves) == 1


async def test_candidate_that_the_gate_did_not_pass_supersedes_none(shadowing: Shadowing) -> None:
    """It is in the store for a moment, until the process that made it rejects it."""
    shadowing.add_candidate()
    shadowing.versions.failed = {"3"}
    shadowing.add_candidate("3")
    await shadowing.check()
    assert (followed(shadowing), shadowing.versions.moves) == ("2", [])


async def test_one_process_rejects_what_was_superseded(shadowing: Shadowing) -> None:
    shadowing.add_candidate()
    shadowing.add_candidate("3")
    assert await shadowing.leases.take(SHADOWING, "another process", LEASE_TIME)
    await shadowing.check()
    assert (followed(shadowing), shadowing.versions.moves) == ("3", [])


async def test_candidate_after_a_rollback_waits_for_a_person(shadowing: Shadowing) -> None:
    shadowing.versions.rolled_back = True
    shadowing.add_candidate()
    shadowing.time += timedelta(hours=HOURS)
    await shadowing.check()
    assert (followed(shadowing), shadowing.versions.moves) == ("2", [])
    shadowing.versions.rolled_back = False
    await shadowing.check()
    assert [move[:2] for move in shadowing.versions.moves] == [("promote", "2")]


@pytest.mark.parametrize(
    ("votes", "move", "why"),
    [
        ((12, 3), "promote", "the votes do not speak against it"),
        ((3, 12), "reject", "more votes are against it than chance explains"),
    ],
)
async def test_votes_decide_when_its_time_is_over(
    shadowing: Shadowing, votes: tuple[int, int], move: str, why: str
) -> None:
    shadowing.add_candidate()
    shadowing.answers.figures = ShadowComparison(900, 40, *votes)
    shadowing.time += timedelta(hours=HOURS, seconds=-1)
    await shadowing.check()
    assert shadowing.versions.moves == []
    shadowing.time += timedelta(seconds=1)
    await shadowing.check()
    figures = f"differs on 40 of 900 answers; votes: {votes[0]} for it, {votes[1]} against"
    assert shadowing.versions.moves == [(move, "2", "shadow", (figures, why))]
    assert followed(shadowing) is None
    await shadowing.check()
    assert len(shadowing.versions.moves) == 1


async def test_without_votes_it_is_promoted_as_the_gate_passed_it(shadowing: Shadowing) -> None:
    shadowing.add_candidate()
    shadowing.time += timedelta(hours=HOURS)
    await shadowing.check()
    ((move, _, _, reasons),) = shadowing.versions.moves
    assert move == "promote"
    assert reasons[1] == "there are no votes where they differ, and the gate had passed it"


async def test_candidate_that_was_not_compared_with_the_active_version_is_rejected(
    shadowing: Shadowing,
) -> None:
    shadowing.add_candidate()
    shadowing.versions.states_ |= {"1": (State.RETIRED, START), "3": (State.ACTIVE, START)}
    await shadowing.check()
    assert shadowing.versions.moves == [
        ("reject", "2", "shadow", ("the gate compared it with 1, but 3 is active now",))
    ]


async def test_candidate_of_a_future_time_has_its_hours_from_the_first_look(
    shadowing: Shadowing,
) -> None:
    shadowing.versions.states_["2"] = (State.CANDIDATE, START + timedelta(days=36500))
    await shadowing.check()
    shadowing.time += timedelta(hours=HOURS, seconds=-1)
    await shadowing.check()
    assert (followed(shadowing), shadowing.versions.moves) == ("2", [])
    shadowing.time += timedelta(seconds=1)
    await shadowing.check()
    assert [move[0] for move in shadowing.versions.moves] == ["promote"]


async def test_hours_end_though_the_first_look_was_with_a_wrong_clock(shadowing: Shadowing) -> None:
    future = START + timedelta(days=36500)
    shadowing.versions.states_["2"] = (State.CANDIDATE, future)
    shadowing.time = future - timedelta(seconds=1)
    await shadowing.check()
    shadowing.time = START
    await shadowing.check()
    shadowing.time += timedelta(hours=HOURS)
    await shadowing.check()
    assert [move[0] for move in shadowing.versions.moves] == ["promote"]


async def test_one_process_decides(shadowing: Shadowing) -> None:
    shadowing.add_candidate()
    shadowing.time += timedelta(hours=HOURS)
    assert await shadowing.leases.take(SHADOWING, "another process", LEASE_TIME)
    await shadowing.check()
    assert shadowing.versions.moves == []
    shadowing.time += 2 * LEASE_TIME  # it ended in between
    await shadowing.check()
    assert len(shadowing.versions.moves) == 1
    await shadowing.check(shadowing.another())  # the lease is free again
    assert len(shadowing.versions.moves) == 1
    assert await shadowing.leases.take(SHADOWING, "another process", LEASE_TIME)


async def test_what_another_process_has_just_decided_is_not_decided_again(
    shadowing: Shadowing, monkeypatch: pytest.MonkeyPatch
) -> None:
    shadowing.add_candidate()
    shadowing.time += timedelta(hours=HOURS)
    take = shadowing.leases.take

    async def take_after_the_other(name: str, owner: str, length: timedelta) -> bool:
        shadowing.versions.states_["2"] = (State.REJECTED, START)
        return await take(name, owner, length)

    monkeypatch.setattr(shadowing.leases, "take", take_after_the_other)
    await shadowing.check()
    assert shadowing.versions.moves == []


@pytest.mark.parametrize("error", [StoreUnavailable("away"), TimeoutError(), KeyError("odd")])
async def test_store_that_is_away_is_logged_once_and_the_candidate_stays(
    shadowing: Shadowing, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    shadowing.add_candidate()
    await shadowing.check()
    shadowing.versions.away = error
    for _ in range(2):
        await shadowing.check()
    assert followed(shadowing) == "2"
    (line,) = [one.getMessage() for one in caplog.records if one.levelname == "WARNING"]
    assert line.startswith("the candidate of model wide was not followed: ")


async def test_candidate_that_cannot_be_served_is_rejected_in_the_end(
    shadowing: Shadowing, caplog: pytest.LogCaptureFixture
) -> None:
    shadowing.add_candidate()
    shadowing.source.error = BundleInvalid("damaged")
    for _ in range(2):
        await shadowing.check()
    assert shadowing.source.loaded == ["2"]
    assert caplog.messages == ["the candidate of model wide was not followed: damaged"]
    shadowing.time += timedelta(hours=HOURS)
    await shadowing.check()
    assert shadowing.versions.moves == [
        ("reject", "2", "shadow", ("it cannot be served: damaged",))
    ]


async def test_candidate_that_could_not_be_fetched_is_fetched_later(shadowing: Shadowing) -> None:
    shadowing.add_candidate()
    shadowing.source.error = StoreUnavailable("cut")
    await shadowing.check()
    shadowing.source.error = None
    await shadowing.check()
    assert followed(shadowing) == "2"
