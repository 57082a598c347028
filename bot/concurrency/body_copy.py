"""Copies long bodies to temporary files in blocks, which threads write."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

BLOCK_BYTES: Final = 1 << 18
"""Bytes that are collected for one write."""


class BodyTooLong(Exception):
    """A body has more bytes than it may have."""


class DiskFailed(Exception):
    """A temporary file cannot be made, written or read, as when the disk is full.

    Not an OSError, so that it is not taken for a failure of the connection.
    """


async def copy_body(pieces: AsyncIterator[bytes], target: BinaryIO, max_bytes: int) -> int:
    """Write the pieces of a body to `target`, and flush it; return their bytes.

    Never more than `max_bytes` are written. What `pieces` raises passes through.

    Raises:
        BodyTooLong: There are more than `max_bytes`.
        DiskFailed: `target` cannot be written.
    """
    block, length = bytearray(), 0
    async for piece in pieces:
        length += len(piece)
        if length > max_bytes:
            raise BodyTooLong
        block += piece
        if len(block) >= BLOCK_BYTES:
            await _write(target, block)
            block = bytearray()
    await _write(target, block)
    return length


async def read_body(source: BinaryIO, max_bytes: int) -> bytes:
    """Return the next bytes of a file, which a thread reads; raise DiskFailed."""

    def read() -> bytes:
        with _disk_errors():
            return source.read(max_bytes)

    return await asyncio.to_thread(read)


@contextmanager
def temporary_file(folder: Path | None = None) -> Iterator[BinaryIO]:
    """Yield a file without a name, which is gone when the block ends; raise DiskFailed.

    It is in `folder`, by default the system's temporary folder.
    """
    with _disk_errors():
        file = tempfile.TemporaryFile(prefix="soundslike-", dir=folder)  # noqa: SIM115 - see below
    try:
        yield file
    finally:
        with suppress(OSError):  # after a failed write, closing tries to write again
            file.close()


async def _write(target: BinaryIO, block: bytearray) -> None:
    def write() -> None:
        with _disk_errors():
            target.write(block)
            target.flush()

    await asyncio.to_thread(write)


@contextmanager
def _disk_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DiskFailed(f"{type(error).__name__}: {error.strerror}") from error
