"""Receives long bodies of requests into files, within limits of size, speed, time and disk.

Nothing of them is held in memory but a block, so they do not count for the budget of `bodies`.
"""

import asyncio
from collections.abc import AsyncIterator, Hashable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import BinaryIO, NamedTuple

from aiohttp import web

from bot.concurrency.body_copy import BodyTooLong, DiskFailed, copy_body
from bot.concurrency.temporary_files import NoRoom, TemporaryFiles
from bot.platforms.http import bodies, connections
from bot.platforms.http.refusals import Refused
from bot.texts import http as words


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of all uploads together, and of the speed of each.

    Attributes:
        number: Uploads at once, from their first byte until their file is closed.
        disk_bytes: Bytes that their files may take; a body without Content-Length counts as the
            longest one.
        sender_number: Uploads of one sender at once.
        sender_bytes: Bytes that the files of one sender may take.
        idle_seconds: Seconds between two pieces of a body.
        start_seconds: Seconds that a body has besides those of its bytes.
        bytes_per_second: Speed that a body must have on average.
    """

    number: int = 32
    disk_bytes: int = 1 << 29
    sender_number: int = 8
    sender_bytes: int = 1 << 27
    idle_seconds: float = 15
    start_seconds: float = 15
    bytes_per_second: int = 1 << 16

    def deadline(self, start: float, now: float, received: int) -> float:
        """Return when the next piece must have arrived, on the clock of `start` and `now`."""
        allowed = self.start_seconds + received / self.bytes_per_second
        return min(now + self.idle_seconds, start + allowed)


class _Open(NamedTuple):
    """Uploads of a sender that are open, and the bytes that they may take."""

    number: int = 0
    reserved: int = 0


class Uploads:
    """Receives files; counts those that are open.

    Args:
        limits: Limits of these uploads.
        files: Where they are received to, together with files from elsewhere.
    """

    def __init__(self, limits: Limits | None = None, files: TemporaryFiles | None = None) -> None:
        self._limits = limits or Limits()
        self._files = files or TemporaryFiles()
        self._of_sender: dict[Hashable, _Open] = {}
        self.number = 0
        self.reserved = 0

    @asynccontextmanager
    async def receive(
        self, request: web.Request, max_bytes: int, sender: Hashable = None
    ) -> AsyncIterator[BinaryIO]:
        """Yield an anonymous file with a request's body, open at its start until the block ends.

        Args:
            request: The request.
            max_bytes: Length of the longest body.
            sender: By what the uploads of who sends it are counted; None if they are not.

        Raises:
            Refused: With status 413, 408, 503 (too many uploads), 507 (the disk is full), or 400
                (malformed chunks, or the client has gone).
        """
        length = request.content_length
        if length is not None and length > max_bytes:
            raise bodies.too_long(max_bytes)
        length = max_bytes if length is None else length
        with self._reserve(length, sender), self._file(length) as file:
            await self._receive(request, file, max_bytes)
            self._files.complete(file)
            yield file

    async def _receive(self, request: web.Request, target: BinaryIO, max_bytes: int) -> None:
        now = asyncio.get_running_loop().time
        start = now()
        with bodies.refusing(request):
            async with asyncio.timeout_at(self._limits.deadline(start, start, 0)) as time:

                async def pieces() -> AsyncIterator[bytes]:
                    received = 0
                    # Busy in between: the time without a piece counts, not that of the whole body.
                    while piece := await _piece(request):
                        received += len(piece)
                        time.reschedule(self._limits.deadline(start, now(), received))
                        yield piece

                try:
                    await copy_body(pieces(), target, max_bytes)
                except BodyTooLong:
                    raise bodies.too_long(max_bytes) from None
        target.seek(0)

    @contextmanager
    def _reserve(self, length: int, sender: Hashable) -> Iterator[None]:
        limits, own = self._limits, self._of_sender.get(sender, _Open())
        is_full = self.number >= limits.number or self.reserved + length > limits.disk_bytes
        is_own_full = (
            own.number >= limits.sender_number or own.reserved + length > limits.sender_bytes
        )
        if is_full or (sender is not None and is_own_full):
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, words.TOO_MANY_UPLOADS)
        self._count(1, length, sender)
        try:
            yield
        finally:
            self._count(-1, -length, sender)

    def _count(self, number: int, length: int, sender: Hashable) -> None:
        self.number += number
        self.reserved += length
        if sender is None:
            return
        own = self._of_sender.get(sender, _Open())
        own = self._of_sender[sender] = _Open(own.number + number, own.reserved + length)
        if not own.number:
            del self._of_sender[sender]

    @contextmanager
    def _file(self, length: int) -> Iterator[BinaryIO]:
        """Yield a file without a name; raise Refused where the disk fails or has no room."""
        try:
            with self._files.open(length) as file:
                yield file
        except NoRoom:
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, words.TOO_MANY_UPLOADS) from None
        except DiskFailed as error:
            raise Refused(HTTPStatus.INSUFFICIENT_STORAGE, words.DISK_FULL) from error


async def _piece(request: web.Request) -> bytes:
    """Return the next bytes of a body that have arrived; none at its end."""
    with connections.state(request, busy=False):
        return await request.content.readany()
