"""Files without a name in one folder, which together take a bounded number of bytes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from bot.concurrency.body_copy import duplicate_file, temporary_file

MAX_BYTES: Final = 1 << 30


class NoRoom(Exception):
    """The files that are open leave too few bytes for another."""


@dataclass(eq=False, slots=True)
class _Room:
    """Bytes that a file may have, which may be open several times."""

    length: int


class TemporaryFiles:
    """Opens files without a name. Used by one event loop.

    Args:
        folder: Where they are; the system's temporary folder by default.
        max_bytes: Bytes of all files that are open at once.
    """

    def __init__(self, folder: Path | None = None, max_bytes: int = MAX_BYTES) -> None:
        self.folder = folder
        self._max_bytes = max_bytes
        self._rooms: dict[BinaryIO, _Room] = {}

    @property
    def reserved(self) -> int:
        """Bytes that the files that are open may have."""
        return sum(room.length for room in set(self._rooms.values()))

    @contextmanager
    def open(self, length: int) -> Iterator[BinaryIO]:
        """Yield a file for about `length` bytes, which is gone when the block ends.

        Raises:
            NoRoom: The other files leave fewer bytes.
            DiskFailed: It cannot be made.
        """
        if self.reserved + length > self._max_bytes:
            raise NoRoom(f"{len(self._rooms)} files may have {self.reserved} bytes")
        with temporary_file(self.folder) as file, self._counted(file, _Room(length)):
            yield file

    @contextmanager
    def duplicate(self, file: BinaryIO) -> Iterator[BinaryIO]:
        """Yield an open file with a descriptor of its own; it counts until both are closed.

        Raises DiskFailed.
        """
        with duplicate_file(file) as second, self._counted(second, self._rooms[file]):
            yield second

    def complete(self, file: BinaryIO) -> None:
        """Count the bytes that a file has, as no more will be written to it."""
        self._rooms[file].length = os.fstat(file.fileno()).st_size

    @contextmanager
    def _counted(self, file: BinaryIO, room: _Room) -> Iterator[None]:
        self._rooms[file] = room
        try:
            yield
        finally:
            del self._rooms[file]
