"""A file that the page sends."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from bot.concurrency.temporary_files import TemporaryFiles


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that the page sent: an open one without a name on this disk, and its name there."""

    file: BinaryIO
    name: str
    files: TemporaryFiles

    @contextmanager
    def duplicate(self) -> Iterator["Upload"]:
        """Yield the same file with a descriptor of its own, closed when the block ends."""
        with self.files.duplicate(self.file) as file:
            yield Upload(file, self.name, self.files)
