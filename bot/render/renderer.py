"""Draws charts off the event loop and keeps them; implements the port `Renderer`."""

import asyncio
import hashlib
import zlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Final, Self

from PIL import __version__ as pillow_version
from PIL import features

from bot.concurrency.single_flight import SingleFlight
from bot.domain.cards import Answer, Theme
from bot.domain.collections import CollectionSummary
from bot.domain.pictures import PictureFormat
from bot.domain.statistics import WorkspaceStats
from bot.render import chart, collection, comparison, png, raster, scene, stats
from bot.render.chart_files import ChartFiles
from bot.render.processes import ProcessPool, process_count
from bot.render.raster import Painter
from bot.render.scene import Scene
from bot.render.share_pictures import SharePictures
from bot.render.typefaces import FOLDER

IN_MEMORY: Final = 32
"""Charts that are kept in memory, 110 kB each at most."""

BURST: Final = 4
"""Charts waiting from which on a process draws: it takes as long to start as 15 to draw."""


class ChartRenderer:
    """Draws each chart once: equal ones share a drawing, which is kept in memory and in a folder.

    Few charts are drawn on a thread, one at a time, because Pillow holds the GIL most of the time.
    Bursts are drawn in processes. On leaving the context, the current drawings are finished and
    queued ones are cancelled.

    Args:
        files: Where charts are kept; None for memory alone.
        paint: Returns the PNG of a scene, on a thread.
        processes: Number of processes for bursts; None for as many as the machine has cores for.
        pool: The processes.
    """

    def __init__(
        self,
        files: ChartFiles | None = None,
        *,
        paint: Callable[[Scene], bytes] | None = None,
        processes: int | None = None,
        pool: ProcessPool | None = None,
    ) -> None:
        self._files = files
        self._paint_here = paint or Painter().paint
        self._one_at_a_time = Lock()
        count = process_count() if processes is None else processes
        self._pool = pool or ProcessPool() if count else None
        self._threads = ThreadPoolExecutor(max(1, count), thread_name_prefix="chart")
        self._pictures: SingleFlight[bytes] = SingleFlight(IN_MEMORY)
        self._shared = SharePictures(self._paint_alone)
        self._waiting = 0
        self._version = _version()

    async def chart(self, answer: Answer, theme: Theme) -> bytes:
        """Return the chart of an answer as a PNG; pass on Pillow's exceptions."""
        return await self._picture(chart.compose(answer, theme))

    async def stats(
        self, stats_: WorkspaceStats, typical: Mapping[str, float], theme: Theme
    ) -> bytes:
        """Return the chart of a workspace as a PNG; pass on Pillow's exceptions."""
        return await self._picture(stats.compose(stats_, typical, theme))

    async def comparison(self, first: Answer, second: Answer, theme: Theme) -> bytes:
        """Return the chart of two songs as a PNG; pass on Pillow's exceptions."""
        return await self._picture(comparison.compose(first, second, theme))

    async def collection(self, summary: CollectionSummary, theme: Theme) -> bytes:
        """Return the chart of a collection as a PNG; pass on Pillow's exceptions."""
        return await self._picture(collection.compose(summary, theme))

    async def share(
        self,
        answer: Answer,
        tally: Mapping[str, int],
        cover: bytes | None,
        theme: Theme,
        format_: PictureFormat = PictureFormat.PNG,
    ) -> bytes:
        """Return a square picture of a card; pass on exceptions of Pillow and fpdf2."""
        return await self._shared.draw(answer, tally, cover, theme, format_)

    async def _picture(self, scene: Scene) -> bytes:
        data = scene.to_json()
        name = hashlib.sha256(self._version + data).hexdigest()

        async def on_thread() -> bytes:
            self._waiting += 1
            make = partial(self._make, name, scene, data, in_burst=self._waiting >= BURST)
            try:
                return await asyncio.get_running_loop().run_in_executor(self._threads, make)
            finally:
                self._waiting -= 1

        return await self._pictures.get(name, on_thread)

    def _make(self, name: str, scene: Scene, data: bytes, *, in_burst: bool) -> bytes:
        if self._files and (stored := self._files.get(name)):
            return stored
        picture = self._pool.paint(data) if self._pool and in_burst else None
        if picture is None:
            picture = self._paint_alone(scene)
        if self._files:
            self._files.put(name, picture)
        return picture

    def _paint_alone(self, scene: Scene) -> bytes:
        with self._one_at_a_time:
            return self._paint_here(scene)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._shared.close()
        self._threads.shutdown(cancel_futures=True)
        if self._pool:
            self._pool.close()


def _version() -> bytes:
    """Return a digest of all that turns a scene into bytes, so that no other version's are used."""
    digest = hashlib.sha256()
    sources = [Path(module.__file__ or "") for module in (png, raster, scene)]
    for file in (*sources, *sorted(FOLDER.glob("*.ttf"))):
        digest.update(file.read_bytes())
    for version in (pillow_version, features.version("freetype2"), zlib.ZLIB_RUNTIME_VERSION):
        digest.update(f"{version}\n".encode())
    return digest.digest()
