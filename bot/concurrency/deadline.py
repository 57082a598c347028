"""Deadline of a piece of work, for the code that it calls to plan with."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Final

_deadline: Final[ContextVar[float | None]] = ContextVar("deadline", default=None)


# Own code: asyncio.timeout ends a block in time, but tells the code in it nothing.
@asynccontextmanager
async def deadline(seconds: float) -> AsyncIterator[None]:
    """End the block after `seconds` like `asyncio.timeout`, and let `remaining` know.

    A deadline within another one ends no later than that. Raises TimeoutError.
    """
    end = asyncio.get_running_loop().time() + seconds
    outer = _deadline.get()
    token = _deadline.set(end if outer is None else min(end, outer))
    try:
        async with asyncio.timeout_at(_deadline.get()):
            yield
    finally:
        _deadline.reset(token)


def remaining(default: float) -> float:
    """Return the seconds until the deadline of the calling task; `default` without one."""
    end = _deadline.get()
    return default if end is None else end - asyncio.get_running_loop().time()
