"""How often somebody may ask."""

from hypothesis import given
from hypothesis import strategies as st

from bot.concurrency import rate_limiter
from bot.concurrency.rate_limiter import RateLimiter


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_turns_are_granted_until_they_are_used_up_and_then_one_waits_for_the_first() -> None:
    clock = Clock()
    turns = RateLimiter(2, 60, clock)
    assert turns.wait("ann") == 0
    clock.now = 10
    assert turns.wait("ann") == 0
    assert turns.wait("ann") == 50
    clock.now = 59
    assert turns.wait("ann") == 1
    clock.now = 60
    assert turns.wait("ann") == 0
    assert turns.wait("ann") == 10


def test_each_key_has_turns_of_its_own() -> None:
    turns = RateLimiter(1, 60, Clock())
    assert turns.wait("ann") == 0
    assert turns.wait("bob") == 0
    assert turns.wait("ann") == 60


@given(st.lists(st.floats(0, 100), max_size=50), st.integers(1, 5))
def test_no_span_ever_holds_more_turns_than_it_may(pauses: list[float], most: int) -> None:
    clock = Clock()
    turns = RateLimiter(most, 60, clock)
    granted: list[float] = []
    for pause in pauses:
        clock.now += pause
        if not turns.wait("ann"):
            granted.append(clock.now)
    for first, later in zip(granted, granted[most:], strict=False):
        assert later >= first + 60


def test_memory_is_bounded_and_whoever_is_active_is_remembered() -> None:
    turns = RateLimiter(1, 60, Clock())
    turns.wait("ann")
    for number in range(rate_limiter.MOST_KEYS + 5):
        turns.wait(f"user {number}")
        assert turns.wait("ann") > 0
    assert len(turns._turns) == rate_limiter.MOST_KEYS
