"""A file that the page sends."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that the page sent: an open one without a name on this disk, and its name there."""

    file: BinaryIO
    name: str

    @contextmanager
    def duplicate(self) -> Iterator["Upload"]:
        """Yield the same file with a descriptor of its own, closed when the block ends."""
        with open(os.dup(self.file.fileno()), "rb") as file:  # noqa: PTH123 - not a path
            yield Upload(file, self.name)
