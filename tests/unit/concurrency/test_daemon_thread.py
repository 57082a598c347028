"""Blocking work runs in a thread of its own, with a time limit."""

import threading
from functools import partial

import pytest

from bot.concurrency.daemon_thread import DaemonThread


async def test_results_and_errors_of_the_work_are_passed_on() -> None:
    thread = DaemonThread("test")
    for number in range(100):  # each follows at once
        assert await thread.run(10, partial(abs, number)) == number
    nothing: dict[str, int] = {}
    with pytest.raises(KeyError, match="gone"):
        await thread.run(10, lambda: nothing["gone"])
    assert await thread.run(10, threading.current_thread) is not threading.current_thread()


async def test_work_that_takes_too_long_ends_the_wait_and_refuses_others_until_it_ends() -> None:
    thread = DaemonThread("test")
    may_end, ended = threading.Event(), threading.Event()

    def work() -> None:
        may_end.wait()
        ended.set()

    with pytest.raises(TimeoutError):
        await thread.run(0.01, work)
    calls: list[int] = []
    with pytest.raises(TimeoutError):
        await thread.run(10, lambda: calls.append(1))
    may_end.set()
    ended.wait()
    for one in threading.enumerate():
        if one.name == "test":
            one.join()
    await thread.run(10, lambda: calls.append(2))
    assert calls == [2]


async def test_the_process_does_not_wait_for_it() -> None:
    assert (await DaemonThread("test").run(10, threading.current_thread)).daemon
