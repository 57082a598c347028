"""The circuit breaker opens for as long as a service demands."""

import logging
import math

import pytest

from bot.domain.errors import Forbidden, Unavailable
from bot.sources.circuit_breaker import CircuitBreaker
from tests.support.clock import ManualClock


def test_requests_are_blocked_for_the_demanded_time() -> None:
    clock = ManualClock()
    breaker = CircuitBreaker("service", clock)
    breaker.check()
    breaker.open(30, "too many requests")
    clock.now += 29
    with pytest.raises(Unavailable) as raised:
        breaker.check()
    assert not isinstance(raised.value, Forbidden)
    assert raised.value.retry_after == 1
    clock.now += 1
    breaker.check()


def test_forbidden_service_can_be_blocked_forever() -> None:
    clock = ManualClock()
    breaker = CircuitBreaker("service", clock)
    breaker.forbid(math.inf, "closed")
    clock.now += 1e9
    with pytest.raises(Forbidden):
        breaker.check()


def test_opening_is_logged_once_with_the_reason(caplog: pytest.LogCaptureFixture) -> None:
    breaker = CircuitBreaker("service", ManualClock())
    breaker.open(30, "too many requests")
    for _ in range(3):
        with pytest.raises(Unavailable):
            breaker.check()
    (record,) = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert record.getMessage() == "service: too many requests; no requests for 30 s"


def test_shorter_pause_does_not_replace_a_longer_one(caplog: pytest.LogCaptureFixture) -> None:
    clock = ManualClock()
    breaker = CircuitBreaker("service", clock)
    breaker.forbid(math.inf, "closed")
    breaker.open(30, "too many requests")
    breaker.forbid(math.inf, "closed")
    clock.now += 31
    with pytest.raises(Forbidden):
        breaker.check()
    assert [record.getMessage() for record in caplog.records] == [
        "service: closed; no requests until the bot restarts"
    ]
