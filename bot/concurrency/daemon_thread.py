"""Runs blocking work in a thread of its own, with a time limit."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


class DaemonThread:
    """Runs one call at a time, each in a new daemon thread.

    The event loop waits for the threads of its pool when it closes, but not for these. A call that
    exceeds its time limit cannot be ended: until it ends by itself, others are refused, so that
    threads do not accumulate.

    Args:
        name: Name of the threads.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._is_busy = False

    async def run(self, seconds: float, work: Callable[[], T]) -> T:
        """Return what `work` returns, and raise what it raises.

        Raises TimeoutError after `seconds`, and at once while an earlier call is still running.
        """
        if self._is_busy:
            raise TimeoutError
        self._is_busy = True
        outcome: Future[T] = Future()

        def run() -> None:
            try:
                result = work()
            except BaseException as error:  # noqa: BLE001 - the caller receives it
                self._is_busy = False  # before the caller, who may call again at once
                if outcome.set_running_or_notify_cancel():
                    outcome.set_exception(error)
            else:
                self._is_busy = False
                if outcome.set_running_or_notify_cancel():
                    outcome.set_result(result)

        threading.Thread(target=run, name=self._name, daemon=True).start()
        return await asyncio.wait_for(asyncio.wrap_future(outcome), seconds)
