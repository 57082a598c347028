"""Work that is cancelled once its result is not needed any more."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

R = TypeVar("R")


class NotWanted(Exception):
    """The work was cancelled, as its result is not needed any more."""


async def while_wanted(
    work: Coroutine[Any, Any, R], is_wanted: Callable[[], Awaitable[bool]], interval: float
) -> R:
    """Return the result of `work`; ask every `interval` seconds whether it is still wanted.

    The work has ended when this returns or raises, also if it is cancelled.

    Raises:
        NotWanted: `is_wanted` returned False.
        Exception: What the work or `is_wanted` raises.
    """
    task = asyncio.create_task(work)
    try:
        while not (await asyncio.wait([task], timeout=interval))[0]:
            if not await is_wanted() and not task.done():
                raise NotWanted
        return task.result()
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait([task])
