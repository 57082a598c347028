"""The monitor stores states and calls in the background, and survives a broken database."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.errors import Unavailable
from bot.domain.source_states import Condition, SourceState
from bot.sources.guard import SourceGuard
from bot.sources.limits import Limits
from bot.sources.monitor import DELAY, REFRESH, SourceMonitor
from tests.support.fake_ledger import FakeSourceLedger
from tests.support.virtual_time import START, in_virtual_time, virtual_now

LIMITS = Limits(daily=100)


def monitor_on(ledger: FakeSourceLedger) -> tuple[SourceMonitor, SourceGuard]:
    monitor = SourceMonitor(ledger, virtual_now, asyncio.get_running_loop().time)
    return monitor, monitor.guard("spotify", LIMITS)


async def call(guard: SourceGuard, times: int = 1) -> None:
    for _ in range(times):
        async with guard.call("track"):
            pass


@in_virtual_time
async def test_changes_are_stored_once_for_all_within_the_delay() -> None:
    ledger = FakeSourceLedger(virtual_now)
    monitor, guard = monitor_on(ledger)
    async with monitor.running():
        guard.demand_pause(60, "too many requests")
        guard.demand_pause(90, "too many requests")
        await asyncio.sleep(DELAY / 2)
        assert ledger.saves == []
        await asyncio.sleep(DELAY)
        assert [(s.condition, s.last_error) for s in ledger.saves] == [
            (Condition.WAITING, "too many requests")
        ]
        await asyncio.sleep(100)
        await call(guard)
        await asyncio.sleep(2 * DELAY)
        assert [s.condition for s in ledger.saves] == [Condition.WAITING, Condition.READY]
        await call(guard, 10)
        await asyncio.sleep(2 * DELAY)
        assert len(ledger.saves) == 2, "calls that succeed change no state"


@in_virtual_time
async def test_calls_of_all_processes_count() -> None:
    ledger = FakeSourceLedger(virtual_now)
    one, guard_of_one = monitor_on(ledger)
    other, guard_of_other = monitor_on(ledger)
    async with one.running(), other.running():
        await call(guard_of_one, 60)
        await asyncio.sleep(2 * DELAY)
        await call(guard_of_other)
        await asyncio.sleep(2 * DELAY)
        assert guard_of_other.state().budget_left == 39
        await call(guard_of_other, 39)
        with pytest.raises(Unavailable, match="used up"):
            await call(guard_of_other)


@in_virtual_time
async def test_calls_count_for_a_day_across_restarts() -> None:
    ledger = FakeSourceLedger(virtual_now)
    first, guard = monitor_on(ledger)
    async with first.running():
        await call(guard, 100)
    second, guard = monitor_on(ledger)
    async with second.running():
        with pytest.raises(Unavailable, match="used up"):
            await call(guard)
    await asyncio.sleep(timedelta(hours=25).total_seconds())
    third, guard = monitor_on(ledger)
    async with third.running():
        await call(guard, 100)


@in_virtual_time
async def test_budget_is_free_again_after_a_day_in_the_same_process() -> None:
    monitor, guard = monitor_on(FakeSourceLedger(virtual_now))
    async with monitor.running():
        await call(guard, 100)
        await asyncio.sleep(timedelta(hours=25).total_seconds() + 2 * REFRESH)
        await call(guard, 100)


@in_virtual_time
async def test_pause_of_a_day_outlasts_a_restart() -> None:
    ledger = FakeSourceLedger(virtual_now)
    first, guard = monitor_on(ledger)
    async with first.running():
        guard.demand_pause(86_400, "the quota is used up")
    second, guard = monitor_on(ledger)
    async with second.running():
        with pytest.raises(Unavailable) as raised:
            await call(guard)
    assert raised.value.retry_after == pytest.approx(86_400, abs=5)


@in_virtual_time
async def test_ended_state_of_an_earlier_process_is_replaced() -> None:
    ledger = FakeSourceLedger(virtual_now)
    ledger.saves.append(SourceState("spotify", Condition.OFF, None, "the token is rejected", START))
    monitor, _ = monitor_on(ledger)
    async with monitor.running():
        await asyncio.sleep(2 * DELAY)
    assert ledger.saves[1:] == [
        SourceState("spotify", Condition.READY, None, "the token is rejected", START)
    ]


@in_virtual_time
async def test_broken_database_is_logged_once_and_fails_no_call(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ledger = FakeSourceLedger(virtual_now)
    ledger.broken = True
    monitor, guard = monitor_on(ledger)
    async with monitor.running():
        for _ in range(3):
            await call(guard)
            guard.demand_pause(10, "too many requests")
            await asyncio.sleep(20)
        assert [r.levelname for r in caplog.records if "not stored" in r.getMessage()] == [
            "WARNING"
        ]
        ledger.broken = False
        await call(guard)
        await asyncio.sleep(2 * DELAY)
    assert ledger.saves
    assert sum(ledger.calls.values()) == 4


@in_virtual_time
async def test_hanging_database_delays_neither_start_nor_stop_for_long() -> None:
    class Hanging(FakeSourceLedger):
        async def states(self) -> list[SourceState]:
            await asyncio.Event().wait()
            return []

        async def save(self, state: SourceState) -> None:
            del state
            await asyncio.Event().wait()

    monitor, guard = monitor_on(Hanging(virtual_now))
    before = virtual_now()
    async with monitor.running():
        await call(guard)
    assert virtual_now() - before <= timedelta(seconds=2)


@in_virtual_time
async def test_one_source_has_one_guard() -> None:
    monitor, guard = monitor_on(FakeSourceLedger(virtual_now))
    assert monitor.guard("spotify", LIMITS) is guard
    assert monitor.guard("deezer", Limits()) is not guard


@in_virtual_time
async def test_a_process_is_offline_until_a_source_has_answered() -> None:
    monitor, guard = monitor_on(FakeSourceLedger(virtual_now))
    other = monitor.guard("deezer", LIMITS)
    with pytest.raises(Unavailable):
        async with guard.call("track"):
            raise Unavailable("spotify", "cannot be reached")
    assert monitor.is_offline
    await call(other)
    assert not monitor.is_offline
