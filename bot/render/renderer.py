"""Draws charts on a worker thread; implements the port `Renderer`."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Self

from bot.concurrency.single_flight import SingleFlight
from bot.domain.cards import Answer, Theme
from bot.domain.statistics import WorkspaceStats
from bot.render import chart, stats

DrawChart = Callable[[Answer, Theme], bytes]
DrawStats = Callable[[WorkspaceStats, Mapping[str, float], Theme], bytes]


class ThreadRenderer:
    """Draws one chart at a time; concurrent requests for the same chart share one drawing.

    One thread, because Pillow holds the GIL most of the time. On leaving the context, the current
    drawing is finished and queued ones are cancelled.
    """

    def __init__(
        self, draw_chart: DrawChart = chart.draw, draw_stats: DrawStats = stats.draw
    ) -> None:
        self._draw_chart = draw_chart
        self._draw_stats = draw_stats
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="chart")
        self._drawings: SingleFlight[bytes] = SingleFlight()

    async def chart(self, answer: Answer, theme: Theme) -> bytes:
        """Return the chart of an answer as a PNG; pass on Pillow's exceptions."""
        return await self._draw(partial(self._draw_chart, answer, theme))

    async def stats(
        self, stats: WorkspaceStats, typical: Mapping[str, float], theme: Theme
    ) -> bytes:
        """Return the chart of a workspace as a PNG; pass on Pillow's exceptions."""
        return await self._draw(partial(self._draw_stats, stats, typical, theme))

    async def _draw(self, draw: partial[bytes]) -> bytes:
        async def in_worker() -> bytes:
            return await asyncio.get_running_loop().run_in_executor(self._worker, draw)

        key = repr(draw.args)  # the arguments contain mappings, which are not hashable
        return await self._drawings.get(key, in_worker)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._worker.shutdown(cancel_futures=True)
