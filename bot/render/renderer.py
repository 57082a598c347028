"""Draws charts on a worker thread, for the port `Renderer`."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Self

from bot.render.chart import draw
from bot.values import Answer, Theme


class ThreadRenderer:
    """Draws one chart at a time; whoever asks for one that is under way waits for the same.

    Pillow mostly keeps the interpreter's lock, so more threads would not draw faster. A context
    manager: on leaving, the chart under way is finished and those still waiting are dropped.
    """

    def __init__(self, draw: Callable[[Answer, Theme], bytes] = draw) -> None:
        self._draw = draw
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="chart")
        self._under_way: dict[tuple[str, Theme], asyncio.Future[bytes]] = {}

    async def chart(self, answer: Answer, theme: Theme) -> bytes:
        """Return a PNG; raises what Pillow raises when it cannot be drawn."""
        # Shielded: one who gives up waiting does not take the chart from the others.
        return await asyncio.shield(self._drawing(answer, theme))

    def _drawing(self, answer: Answer, theme: Theme) -> asyncio.Future[bytes]:
        key = (repr(answer), theme)  # an answer holds mappings: equal, but not hashable
        if key not in self._under_way:
            loop = asyncio.get_running_loop()
            drawing = loop.run_in_executor(self._worker, self._draw, answer, theme)
            drawing.add_done_callback(lambda _: self._under_way.pop(key))
            self._under_way[key] = drawing
        return self._under_way[key]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._worker.shutdown(cancel_futures=True)
