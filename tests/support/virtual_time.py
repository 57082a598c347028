"""Virtual time: tests of delays and intervals run without waiting."""

import asyncio
import functools
import selectors
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, Final, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

START: Final = datetime(2026, 1, 1, tzinfo=UTC)


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """Event loop whose clock advances to the next timer when nothing else is to be done.

    Own code: the known libraries patch the clock for all threads. Only for tests without
    connections, threads and processes.
    """

    def __init__(self) -> None:
        self._now = 0.0
        super().__init__(_NoWaiting(self._advance))

    def time(self) -> float:
        """Return the virtual time in seconds."""
        return self._now

    def _advance(self, seconds: float) -> None:
        self._now += seconds


class _NoWaiting(selectors.SelectSelector):
    def __init__(self, advance: Callable[[float], None]) -> None:
        super().__init__()
        self._advance = advance

    def select(self, timeout: float | None = None) -> list[Any]:
        assert timeout is not None, "the test waits for something that does not happen"
        self._advance(max(0.0, timeout))
        return super().select(0)


def in_virtual_time(test: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, T]:
    """Return the asynchronous test as a synchronous one that runs in virtual time."""

    @functools.wraps(test)
    def run(*arguments: P.args, **options: P.kwargs) -> T:
        with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
            return runner.run(test(*arguments, **options))

    return run


def virtual_now() -> datetime:
    """Return the virtual time of the running loop, as a clock of the services does."""
    return START + timedelta(seconds=asyncio.get_running_loop().time())
