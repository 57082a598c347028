"""The guard judges the results of calls: what concerns one endpoint, and what the whole source."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.domain.errors import BadReply, Forbidden, Unavailable
from bot.domain.source_states import Condition, SourceState
from bot.sources.call_budget import CallBudget
from bot.sources.circuit_breaker import FAILURES, FIRST_PAUSE
from bot.sources.guard import SLOW, SourceGuard
from bot.sources.limits import Limits
from tests.support.clock import ManualClock
from tests.support.fake_ledger import FakeSourceLedger
from tests.support.virtual_time import START, in_virtual_time

FAILED = Unavailable("deezer", "answered with status 500")
REFUSED = Forbidden("deezer", "answered with status 403")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def guard(clock: ManualClock) -> SourceGuard:
    return SourceGuard("deezer", clock=clock, now=lambda: START)


async def call(guard: SourceGuard, endpoint: str = "track", error: Exception | None = None) -> None:
    async with guard.call(endpoint):
        if error:
            raise error


async def fail(guard: SourceGuard, endpoint: str, error: Exception, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(type(error)):
            await call(guard, endpoint, error)


@pytest.mark.parametrize("error", [FAILED, BadReply("deezer", "sent no valid JSON")])
async def test_repeated_failure_stops_one_endpoint_only(
    guard: SourceGuard, error: Unavailable
) -> None:
    await fail(guard, "search", error, FAILURES)
    with pytest.raises(Unavailable, match="is not asked for a while"):
        await call(guard, "search")
    await call(guard, "track")
    assert guard.state() == SourceState(
        "deezer",
        Condition.WAITING,
        START + timedelta(seconds=FIRST_PAUSE),
        f"search: {error.reason}",
        START,
    )


async def test_refusal_stops_one_endpoint_only(guard: SourceGuard) -> None:
    await call(guard, "track")
    await fail(guard, "playlist", REFUSED)
    with pytest.raises(Forbidden, match="access was refused"):
        await call(guard, "playlist")
    await call(guard, "track")
    state = guard.state()
    assert state.condition is Condition.READY
    assert state.last_error == "playlist: answered with status 403"


async def test_source_that_refuses_all_endpoints_is_off(guard: SourceGuard) -> None:
    await fail(guard, "track", REFUSED)
    assert guard.state().condition is Condition.OFF


async def test_demanded_pause_stops_all_endpoints(guard: SourceGuard, clock: ManualClock) -> None:
    async def busy() -> None:
        async with guard.call("track"):
            assert guard.demand_pause(86_400, "too many requests") == 86_400
            raise Unavailable("deezer", "too many requests", retry_after=86_400)

    with pytest.raises(Unavailable):
        await busy()
    clock.now += 86_399
    for endpoint in ("track", "search"):
        with pytest.raises(Unavailable) as raised:
            await call(guard, endpoint)
        assert raised.value.retry_after == 1
    assert guard.state().condition is Condition.WAITING
    assert guard.state().last_error == "too many requests"
    clock.now += 1
    await call(guard, "search")
    await call(guard, "track")
    assert guard.state().condition is Condition.READY


async def test_switched_off_source_refuses_all_endpoints(guard: SourceGuard) -> None:
    async def rejected() -> None:
        async with guard.call("track"):
            guard.switch_off(600, "the token is rejected")
            raise Forbidden("deezer", "the token is rejected")

    with pytest.raises(Forbidden):
        await rejected()
    with pytest.raises(Forbidden):
        await call(guard, "search")
    assert guard.state().condition is Condition.OFF


async def test_one_call_probes_all_endpoints_after_a_pause(
    guard: SourceGuard, clock: ManualClock
) -> None:
    guard.demand_pause(5, "too many requests")
    clock.now += 5
    async with guard.call("track"):
        with pytest.raises(Unavailable):
            await call(guard, "search")
    await call(guard, "search")


async def test_rejections_inside_replies_count(guard: SourceGuard) -> None:
    for _ in range(FAILURES):
        await call(guard, "track")
        guard.rejected("track", "code 600")
    with pytest.raises(Unavailable):
        await call(guard, "track")
    await call(guard, "search")
    guard.rejected("search", "quota limit exceeded", retry_after=5)
    with pytest.raises(Unavailable):
        await call(guard, "album")


@pytest.mark.parametrize(("seconds", "counts"), [(SLOW, True), (SLOW - 0.1, False)])
@in_virtual_time
async def test_call_that_was_given_up_late_counts_as_a_failure(
    seconds: float,
    counts: bool,  # noqa: FBT001
) -> None:
    guard = SourceGuard("deezer", clock=asyncio.get_running_loop().time)

    async def hang() -> None:
        async with asyncio.timeout(seconds), guard.call("track"):
            await asyncio.Event().wait()

    for _ in range(FAILURES):
        with pytest.raises(TimeoutError):
            await hang()
    assert (guard.state().condition is Condition.WAITING) is counts


async def test_bug_in_a_call_is_no_failure_of_the_source(guard: SourceGuard) -> None:
    await fail(guard, "track", ZeroDivisionError(), FAILURES)
    await call(guard, "track")
    assert guard.state().last_error is None


async def test_call_that_waited_while_the_breaker_opened_is_not_made_and_costs_nothing() -> None:
    budget = CallBudget("x", 10, FakeSourceLedger(lambda: START), lambda: START)
    guard = SourceGuard("x", Limits(concurrent=1), budget=budget)
    entered = asyncio.Event()

    async def first() -> None:
        async with guard.call("track"):
            entered.set()
            await asyncio.sleep(0)
            guard.demand_pause(60, "too many requests")

    task = asyncio.create_task(first())
    await entered.wait()
    with pytest.raises(Unavailable):
        await call(guard, "search")
    await task
    assert budget.left == 9


async def test_spent_budget_allows_no_call(clock: ManualClock) -> None:
    ledger = FakeSourceLedger(lambda: START)
    budget = CallBudget("spotify", 2, ledger, lambda: START)
    guard = SourceGuard("spotify", budget=budget, clock=clock, now=lambda: START)
    await call(guard, "track")
    await fail(guard, "track", FAILED)
    assert guard.state().budget_left == 0
    with pytest.raises(Unavailable, match="used up"):
        await call(guard, "track")


async def test_calls_that_are_not_made_cost_nothing(clock: ManualClock) -> None:
    budget = CallBudget("spotify", 10, FakeSourceLedger(lambda: START), lambda: START)
    guard = SourceGuard("spotify", budget=budget, clock=clock)
    guard.demand_pause(60, "too many requests")
    with pytest.raises(Unavailable):
        await call(guard)
    assert budget.left == 10


@pytest.mark.parametrize(
    ("state", "paused"),
    [
        (lambda at: SourceState("x", Condition.WAITING, at + timedelta(hours=5), "quota"), True),
        (lambda at: SourceState("x", Condition.WAITING, at + timedelta(seconds=30), "5xx"), False),
        (lambda at: SourceState("x", Condition.WAITING, at - timedelta(hours=5), "quota"), False),
        (lambda _: SourceState("x", Condition.OFF, None, "the token is rejected"), False),
    ],
)
async def test_long_pause_that_another_process_was_told_is_kept(
    guard: SourceGuard,
    state: Callable[[object], SourceState],
    paused: bool,  # noqa: FBT001
) -> None:
    guard.remember(state(START))
    assert guard.state().last_error == state(START).last_error
    if paused:
        with pytest.raises(Unavailable) as raised:
            await call(guard)
        assert raised.value.retry_after == 5 * 3600
    else:
        await call(guard)
