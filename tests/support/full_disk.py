"""A file on a disk that is full."""

import errno
import io
from typing import BinaryIO, cast


class FullDisk(io.RawIOBase):
    """A file to which nothing can be written, neither at once nor on closing."""

    def writable(self) -> bool:
        return True

    def write(self, _: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def full_file(**_: object) -> BinaryIO:
    """Return a buffered file on a full disk, in place of `tempfile.TemporaryFile`."""
    return cast("BinaryIO", io.BufferedWriter(FullDisk()))
