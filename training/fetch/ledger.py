"""Record of downloads: the SHA-256 of each file at its first download."""

import hashlib
import json
from pathlib import Path
from typing import Final

from training.errors import FetchError

LEDGER: Final = "fetched.json"
"""File in the folder of tables with the SHA-256 of each table by path."""


class Ledger:
    """The record in a folder of tables; raises FetchError if it cannot be read."""

    def __init__(self, data: Path) -> None:
        self._path = data / LEDGER
        try:
            text = self._path.read_text(encoding="utf-8") if self._path.exists() else "{}"
            self._digests: dict[str, str] = dict(json.loads(text))
        except (OSError, ValueError, TypeError) as error:
            raise FetchError(f"{self._path} cannot be read: {error}") from error

    def check(self, table: str, path: Path) -> None:
        """Raise FetchError if the digest of the file differs from the one recorded for `table`."""
        known = self._digests.get(table)
        found = digest(path, "sha256")
        if known and known != found:
            raise FetchError(
                f"{path} is not the {table} that was first downloaded: its SHA-256 is {found}, "
                f"{self._path} says {known}; if the new one is right, delete that line"
            )

    def record(self, table: str, path: Path) -> None:
        """Check the file and record its digest for `table`."""
        self.check(table, path)
        self._digests[table] = digest(path, "sha256")
        text = json.dumps(self._digests, indent=1, sort_keys=True)
        self._path.write_text(text + "\n", encoding="utf-8")


def digest(path: Path, algorithm: str) -> str:
    """Return a file's digest in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()
