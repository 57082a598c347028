"""Runs blocking work in a thread of its own, with a time limit."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

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
        self._running: Future[Any] | None = None

    async def run(self, seconds: float, work: Callable[[], T]) -> T:
        """Return what `work` returns, and raise what it raises.

        Raises TimeoutError after `seconds`, and at once while an earlier call is still running.
        """
        if self._running is not None and not self._running.done():
            raise TimeoutError
        outcome: Future[T] = Future()
        # Its own, as the caller's future is cancelled at the time limit.
        ended: Future[None] = Future()
        self._running = ended

        def run() -> None:
            try:
                result = work()
            except BaseException as error:  # noqa: BLE001 - the caller receives it
                _settle(outcome, error=error)
            else:
                _settle(outcome, result=result)
            finally:
                ended.set_result(None)

        threading.Thread(target=run, name=self._name, daemon=True).start()
        return await asyncio.wait_for(asyncio.wrap_future(outcome), seconds)


def _settle(outcome: Future[T], **fields: Any) -> None:
    """Set the result or the error, unless the caller has left."""
    if not outcome.set_running_or_notify_cancel():
        return
    if "error" in fields:
        outcome.set_exception(fields["error"])
    else:
        outcome.set_result(fields["result"])
