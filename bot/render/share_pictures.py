"""Draws cards to share, in their formats, on a thread of its own.

They are kept in memory only: they are rarer than charts, and five times as large.
"""

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, TypeVar

from bot import texts
from bot.concurrency.single_flight import SingleFlight
from bot.domain.cards import Answer, Theme
from bot.domain.pictures import PictureFormat
from bot.render import pdf, share, svg
from bot.render.cover import read_cover
from bot.render.scene import Scene
from bot.texts import share as words

T = TypeVar("T")

IN_MEMORY: Final = 8
"""Pictures that are kept, up to 0.7 MB each, and as many covers, 0.1 MB each."""


class SharePictures:
    """Draws each picture once; equal ones share a drawing.

    The thread is not that of the charts, which do not wait for a cover that takes long to decode.

    Args:
        paint: Returns the PNG of a scene; called on the thread.
        read: Decodes a cover as `read_cover` does; called on the thread.
    """

    def __init__(
        self, paint: Callable[[Scene], bytes], read: Callable[[bytes], str | None] = read_cover
    ) -> None:
        self._paint = paint
        self._read = read
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="share")
        self._covers: SingleFlight[str | None] = SingleFlight(IN_MEMORY)
        self._pictures: SingleFlight[bytes] = SingleFlight(IN_MEMORY)

    async def draw(
        self,
        answer: Answer,
        tally: Mapping[str, int],
        cover: bytes | None,
        theme: Theme,
        format_: PictureFormat,
    ) -> bytes:
        """Return a picture as `SharePainter.share` does; pass on exceptions of Pillow and fpdf2."""
        jpeg = await self._decoded(cover) if cover else None
        scene = await self._on_thread(partial(share.compose, answer, tally, theme, jpeg))
        said = texts.headline(answer.subject), words.alt(answer, tally)
        name = hashlib.sha256(scene.to_json() + repr((format_, *said)).encode()).hexdigest()
        write = partial(self._write, scene, *said, format_)
        return await self._pictures.get(name, partial(self._on_thread, write))

    def close(self) -> None:
        """Finish the current drawing and cancel the queued ones."""
        self._thread.shutdown(cancel_futures=True)

    async def _decoded(self, cover: bytes) -> str | None:
        name = hashlib.sha256(cover).hexdigest()
        read = partial(self._read, cover)
        return await self._covers.get(name, partial(self._on_thread, read))

    async def _on_thread(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    def _write(self, scene: Scene, title: str, description: str, format_: PictureFormat) -> bytes:
        match format_:
            case PictureFormat.PNG:
                return self._paint(scene)
            case PictureFormat.SVG:
                return svg.write(scene, title, description)
            case PictureFormat.PDF:
                return pdf.write(scene, title, description)
