"""Events of the versions in a model store that is a folder, read without fsspec."""

from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from model.bundle_files import write_file
from model.errors import StoreUnavailable
from model.event_log import EVENTS, MAX_EVENT_BYTES, EventLog, Parts
from model.lifecycle import Event


def read_events(root: Path, name: str) -> tuple[Event, ...]:
    """Return the events of a model in a folder, in order; what is no event is skipped.

    Raises StoreUnavailable if the folder cannot be read.
    """
    return EventLog(_FolderFiles(root)).read(name, lambda _sentence: None)


class _FolderFiles:
    """The events in the folder `root`, as `StoreFiles` has them."""

    def __init__(self, root: Path) -> None:
        self.name = str(root)
        self._root = root

    def sizes(self, name: str) -> dict[Parts, int]:
        """Return the size in bytes of each file in the folder of a model's events."""
        try:
            files = [*(self._root / name / EVENTS).glob("*.json")]
            return {(name, EVENTS, file.name): file.stat().st_size for file in files}
        except OSError as error:
            raise StoreUnavailable(f"{self.name} cannot be used: {error}") from error

    def read_many(self, files: Collection[Parts]) -> dict[Parts, bytes]:
        """Return the contents of small files by place; those that cannot be read are left out."""
        found = {}
        for parts in files:
            with suppress(OSError):
                content = self._root.joinpath(*parts).read_bytes()
                if len(content) <= MAX_EVENT_BYTES:
                    found[parts] = content
        return found

    def write(self, content: bytes, *parts: str) -> None:
        """Write a small file."""
        write_file(self._root.joinpath(*parts), content)
