"""Malformed deliveries in the log."""

import asyncio

import pytest

from bot.services.malformed_log import MAX_LOGGED, SUMMARY_DELAY, MalformedLog
from tests.support.virtual_time import in_virtual_time


@in_virtual_time
async def test_the_first_are_logged_with_their_stack_and_the_others_as_a_number_a_minute(
    caplog: pytest.LogCaptureFixture,
) -> None:
    log = MalformedLog("chat")
    for number in range(MAX_LOGGED + 5):
        log.add(f"event {number}", KeyError("id"))
    assert len(caplog.messages) == MAX_LOGGED
    assert caplog.messages[0].startswith("event 0: not understood: KeyError")
    await asyncio.sleep(SUMMARY_DELAY + 1)
    assert caplog.messages[MAX_LOGGED:] == [
        "chat: further deliveries that were not understood: 5; since the start: 25"
    ]
    await asyncio.sleep(3 * SUMMARY_DELAY)
    assert len(caplog.messages) == MAX_LOGGED + 1
    log.add("event 26", KeyError("id"))
    await asyncio.sleep(SUMMARY_DELAY + 1)
    assert caplog.messages[-1].endswith("not understood: 1; since the start: 26")
