"""The sliding-window rate limiter."""

from hypothesis import given
from hypothesis import strategies as st

from bot.concurrency import rate_limiter
from bot.concurrency.rate_limiter import RateLimiter
from tests.support.clock import ManualClock


def test_a_refused_caller_waits_until_the_oldest_call_leaves_the_window() -> None:
    clock = ManualClock()
    limiter = RateLimiter(2, 60, clock)
    assert limiter.acquire("ann") == 0
    clock.now += 10
    assert limiter.acquire("ann") == 0
    assert limiter.acquire("ann") == 50
    clock.now += 49
    assert limiter.acquire("ann") == 1
    clock.now += 1
    assert limiter.acquire("ann") == 0
    assert limiter.acquire("ann") == 10


def test_keys_are_limited_separately() -> None:
    limiter = RateLimiter(1, 60, ManualClock())
    assert limiter.acquire("ann") == 0
    assert limiter.acquire("bob") == 0
    assert limiter.acquire("ann") == 60


@given(st.lists(st.floats(0, 100), max_size=50), st.integers(1, 5))
def test_no_window_contains_more_calls_than_the_limit(delays: list[float], limit: int) -> None:
    clock = ManualClock()
    limiter = RateLimiter(limit, 60, clock)
    allowed: list[float] = []
    for delay in delays:
        clock.now += delay
        if not limiter.acquire("ann"):
            allowed.append(clock.now)
    for first, later in zip(allowed, allowed[limit:], strict=False):
        assert later >= first + 60


def test_the_number_of_keys_is_bounded_and_active_keys_stay() -> None:
    limiter = RateLimiter(1, 60, ManualClock())
    limiter.acquire("ann")
    for number in range(rate_limiter.MAX_KEYS + 5):
        limiter.acquire(f"user {number}")
        assert limiter.acquire("ann") > 0
    assert len(limiter._calls) == rate_limiter.MAX_KEYS


def test_keys_whose_calls_do_not_count_any_more_are_dropped() -> None:
    clock = ManualClock()
    limiter = RateLimiter(2, 60, clock)
    for number in range(100):
        limiter.acquire(f"user {number}")
        clock.now += 1
    assert 60 <= len(limiter._calls) <= 61
