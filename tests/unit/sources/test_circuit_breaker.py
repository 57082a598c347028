"""The circuit breaker opens after failures and refusals, and for as long as a service demands."""

import logging

import pytest

from bot.domain.errors import Forbidden, Unavailable
from bot.sources.circuit_breaker import (
    FAILURES,
    FIRST_DEMANDED_PAUSE,
    FIRST_PAUSE,
    FIRST_REFUSED_PAUSE,
    MAX_PAUSE,
    REFUSED_PAUSE,
    CircuitBreaker,
)
from tests.support.clock import ManualClock


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def breaker(clock: ManualClock) -> CircuitBreaker:
    return CircuitBreaker("service", clock=clock)


def fail(breaker: CircuitBreaker, times: int = FAILURES) -> None:
    for _ in range(times):
        breaker.begin()
        breaker.failed("answered with status 500")


def refusal(breaker: CircuitBreaker) -> Unavailable:
    with pytest.raises(Unavailable) as raised:
        breaker.begin()
    return raised.value


def test_requests_are_blocked_for_the_demanded_time(
    breaker: CircuitBreaker, clock: ManualClock
) -> None:
    breaker.begin()
    breaker.pause(30, "too many requests")
    clock.now += 29
    error = refusal(breaker)
    assert not isinstance(error, Forbidden)
    assert error.retry_after == 1
    clock.now += 1
    breaker.begin()


def test_failures_in_a_row_open_it(breaker: CircuitBreaker) -> None:
    fail(breaker, FAILURES - 1)
    breaker.begin()
    breaker.succeeded()
    fail(breaker, FAILURES - 1)
    assert breaker.is_closed
    fail(breaker, 1)
    assert refusal(breaker).retry_after == FIRST_PAUSE


def test_failures_found_in_replies_open_it_although_each_reply_was_a_success(
    breaker: CircuitBreaker,
) -> None:
    for _ in range(FAILURES):
        breaker.begin()
        breaker.succeeded()
        breaker.failed("sent an unexpected reply", in_reply=True)
    refusal(breaker)


def test_one_request_probes_a_breaker_whose_time_is_over(
    breaker: CircuitBreaker, clock: ManualClock
) -> None:
    fail(breaker)
    clock.now += FIRST_PAUSE
    breaker.begin()
    refusal(breaker)
    breaker.succeeded()
    assert breaker.is_closed
    breaker.begin()
    breaker.begin()


def test_probe_without_a_result_lets_another_one_pass(
    breaker: CircuitBreaker, clock: ManualClock
) -> None:
    fail(breaker)
    clock.now += FIRST_PAUSE
    breaker.begin()
    breaker.released()
    breaker.begin()


def test_each_failed_probe_doubles_the_time_up_to_a_limit(
    breaker: CircuitBreaker, clock: ManualClock
) -> None:
    fail(breaker)
    waits = []
    for _ in range(10):
        waits.append(breaker.wait)
        clock.now += breaker.wait
        fail(breaker, 1)
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, MAX_PAUSE]


def test_success_starts_again_from_the_first_time(
    breaker: CircuitBreaker, clock: ManualClock
) -> None:
    fail(breaker)
    clock.now += breaker.wait
    fail(breaker, 1)
    clock.now += breaker.wait
    breaker.begin()
    breaker.succeeded()
    fail(breaker)
    assert breaker.wait == FIRST_PAUSE


def test_requests_that_were_sent_before_it_opened_do_not_prolong_it(
    breaker: CircuitBreaker,
) -> None:
    for _ in range(10):
        breaker.begin()
    for _ in range(10):
        breaker.failed("cannot be reached")
    assert breaker.wait == FIRST_PAUSE
    breaker.refused("answered with status 403")
    breaker.succeeded()
    assert breaker.wait == FIRST_PAUSE


def test_refusal_blocks_with_forbidden(breaker: CircuitBreaker, clock: ManualClock) -> None:
    pauses = []
    for _ in range(8):
        breaker.begin()
        breaker.refused("answered with status 403")
        assert isinstance(refusal(breaker), Forbidden)
        pauses.append(breaker.wait)
        clock.now += breaker.wait
    assert pauses[:3] == [FIRST_REFUSED_PAUSE, 2 * FIRST_REFUSED_PAUSE, 4 * FIRST_REFUSED_PAUSE]
    assert pauses[-1] == REFUSED_PAUSE
    breaker.begin()
    breaker.succeeded()
    breaker.begin()
    breaker.refused("answered with status 403")
    assert breaker.wait == FIRST_REFUSED_PAUSE


def test_single_refusals_about_what_was_asked_do_not_open_it(clock: ManualClock) -> None:
    breaker = CircuitBreaker("service", refusals=3, clock=clock)
    for succeeded in (False, False, True, False, False):
        breaker.begin()
        if succeeded:
            breaker.succeeded()
        else:
            breaker.refused("answered with status 401")
    assert breaker.is_closed
    breaker.refused("answered with status 401")
    assert breaker.is_forbidden
    assert breaker.wait == FIRST_PAUSE, "the caller may not be the reason"


def test_pause_is_never_shorter_than_a_second(breaker: CircuitBreaker) -> None:
    breaker.pause(0, "too many requests")
    assert refusal(breaker).retry_after == 1


def test_pause_without_a_time_doubles(breaker: CircuitBreaker, clock: ManualClock) -> None:
    breaker.pause(None, "too many requests")
    assert breaker.wait == FIRST_DEMANDED_PAUSE
    clock.now += breaker.wait
    breaker.begin()
    breaker.pause(None, "too many requests")
    assert breaker.wait == 2 * FIRST_DEMANDED_PAUSE


def test_opening_is_a_warning_once_for_each_reason(
    breaker: CircuitBreaker, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    fail(breaker)
    refusal(breaker)
    clock.now += breaker.wait
    fail(breaker, 1)
    clock.now += breaker.wait
    breaker.begin()
    breaker.succeeded()
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", "service: answered with status 500; no requests for 2 s"),
        ("INFO", "service: answered with status 500; no requests for 4 s"),
        ("INFO", "service: answers again"),
    ]


def test_shorter_pause_does_not_replace_a_longer_one(
    breaker: CircuitBreaker, clock: ManualClock
) -> None:
    breaker.forbid(3600, "closed")
    breaker.pause(30, "too many requests")
    clock.now += 31
    assert isinstance(refusal(breaker), Forbidden)
