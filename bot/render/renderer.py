"""Draws charts on a worker thread, for the port `Renderer`."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Self

from bot.domain.cards import Answer, Theme
from bot.domain.statistics import WorkspaceStats
from bot.render import chart, stats

DrawChart = Callable[[Answer, Theme], bytes]
DrawStats = Callable[[WorkspaceStats, Mapping[str, float], Theme], bytes]


class ThreadRenderer:
    """Draws one picture at a time; whoever asks for one that is under way waits for the same.

    Pillow mostly keeps the interpreter's lock, so more threads would not draw faster. A context
    manager: on leaving, the picture under way is finished and those still waiting are dropped.
    """

    def __init__(
        self, draw_chart: DrawChart = chart.draw, draw_stats: DrawStats = stats.draw
    ) -> None:
        self._draw_chart = draw_chart
        self._draw_stats = draw_stats
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="chart")
        self._under_way: dict[str, asyncio.Future[bytes]] = {}

    async def chart(self, answer: Answer, theme: Theme) -> bytes:
        """Return a PNG; raises what Pillow raises when it cannot be drawn."""
        return await self._drawn(partial(self._draw_chart, answer, theme))

    async def stats(
        self, stats: WorkspaceStats, typical: Mapping[str, float], theme: Theme
    ) -> bytes:
        """Return a PNG; raises as `chart` does."""
        return await self._drawn(partial(self._draw_stats, stats, typical, theme))

    async def _drawn(self, draw: partial[bytes]) -> bytes:
        # Shielded: one who gives up waiting does not take the picture from the others.
        return await asyncio.shield(self._drawing(draw))

    def _drawing(self, draw: partial[bytes]) -> asyncio.Future[bytes]:
        key = repr(draw.args)  # the values hold mappings: equal, but not hashable
        if key not in self._under_way:
            drawing = asyncio.get_running_loop().run_in_executor(self._worker, draw)
            drawing.add_done_callback(lambda _: self._under_way.pop(key))
            self._under_way[key] = drawing
        return self._under_way[key]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._worker.shutdown(cancel_futures=True)
