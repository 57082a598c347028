"""Waiting for a condition without polling."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Changes:
    """Wakes the tasks that wait for a condition when something has changed."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()

    def notify(self) -> None:
        """Make the waiting tasks check their conditions."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(
        self, condition: Callable[[], T | None], log: Callable[[], object], *, max_wait: float
    ) -> T:
        """Return the first true value of `condition`; after `max_wait` seconds fail with `log`."""
        try:
            async with asyncio.timeout(max_wait):
                while not (result := condition()):
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"still waiting after {max_wait} s; log: {log()}") from None
        return result
