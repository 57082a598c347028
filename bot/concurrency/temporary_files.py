"""Files without a name in one folder, which together take a bounded number of bytes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from bot.concurrency.body_copy import temporary_file

MAX_BYTES: Final = 1 << 30


class NoRoom(Exception):
    """The files that are open leave too few bytes for another."""


class TemporaryFiles:
    """Opens files without a name. Used by one event loop.

    Args:
        folder: Where they are; the system's temporary folder by default.
        max_bytes: Bytes of all files that are open at once.
    """

    def __init__(self, folder: Path | None = None, max_bytes: int = MAX_BYTES) -> None:
        self.folder = folder
        self._max_bytes = max_bytes
        self._reserved: dict[BinaryIO, int] = {}

    @property
    def reserved(self) -> int:
        """Bytes that the files that are open may have."""
        return sum(self._reserved.values())

    @contextmanager
    def open(self, length: int) -> Iterator[BinaryIO]:
        """Yield a file for about `length` bytes, which is gone when the block ends.

        Raises:
            NoRoom: The other files leave fewer bytes.
            DiskFailed: It cannot be made.
        """
        if self.reserved + length > self._max_bytes:
            raise NoRoom(f"{len(self._reserved)} files may have {self.reserved} bytes")
        with temporary_file(self.folder) as file:
            self._reserved[file] = length
            try:
                yield file
            finally:
                del self._reserved[file]

    def complete(self, file: BinaryIO) -> None:
        """Count the bytes that a file has, as no more will be written to it."""
        self._reserved[file] = os.fstat(file.fileno()).st_size
