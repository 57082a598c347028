"""Waiting for what happens, never for time to pass."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Changes:
    """Tells everyone who waits that something changed."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()

    def tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(
        self, happened: Callable[[], T | None], seen: Callable[[], object], *, within: float
    ) -> T:
        """Return the first true value of `happened`; fail with what was `seen` after `within` s."""
        try:
            async with asyncio.timeout(within):
                while not (result := happened()):
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"still waiting after {within} s; seen: {seen()}") from None
        return result
