"""Charts in a folder, so that they are drawn once across restarts and processes.

Own code, because diskcache unpickles what it reads: who can write to the folder could run code.
"""

import logging
import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from bot.render import png
from bot.texts import charts

MAX_BYTES: Final = 64 << 20
MAX_FILE_BYTES: Final = 1 << 20
"""More is not read; a chart has at most 110 kB."""

SUFFIX: Final = ".png"
PART: Final = ".part"
"""Suffix of a file that is being written."""

MAX_PART_AGE: Final = 3600.0
"""Seconds after which an unfinished file is a killed process's."""

_log = logging.getLogger(__name__)


class ChartFiles:
    """PNGs by name in a folder that several processes may share.

    The least recently used are deleted when the size exceeds `max_bytes`; each process looks at
    the size after writing a sixteenth of it. Methods do not raise: once a file cannot be written,
    that is logged, and no more are.
    """

    def __init__(self, folder: Path, max_bytes: int = MAX_BYTES) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._step = max_bytes // 16
        self._written = self._step  # an earlier process may have left too much
        self._is_writable = True

    def get(self, name: str) -> bytes | None:
        """Return a file and note its use; None if it is missing or damaged."""
        path = self._folder / (name + SUFFIX)
        try:
            with path.open("rb") as file:
                data = file.read(MAX_FILE_BYTES)
        except OSError:
            return None
        if not png.is_intact(data):
            return None  # it is replaced when the chart has been drawn again
        with suppress(OSError):
            os.utime(path)
        return data

    def put(self, name: str, data: bytes) -> None:
        """Store a file at once or not at all."""
        if not self._is_writable:
            return
        try:
            self._write(name, data)
            self._written += len(data)
            if self._written >= self._step:
                self._prune()
                self._written = 0
        except OSError as error:
            self._is_writable = False
            _log.warning(charts.not_stored(self._folder, error))

    def _write(self, name: str, data: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        number, part = tempfile.mkstemp(PART, dir=self._folder)
        try:
            with os.fdopen(number, "wb") as file:
                file.write(data)
            os.replace(part, self._folder / (name + SUFFIX))  # noqa: PTH105 - `part` is a string
        except OSError:
            with suppress(OSError):
                os.unlink(part)  # noqa: PTH108 - the same
            raise

    def _prune(self) -> None:
        """Delete the files that were not used for longest, and forgotten parts."""
        files, total = [], 0
        expired = time.time() - MAX_PART_AGE
        with os.scandir(self._folder) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):  # another process deleted it
                    state = entry.stat(follow_symlinks=False)
                    if entry.name.endswith(SUFFIX):
                        files.append((state.st_mtime_ns, state.st_size, entry.path))
                        total += state.st_size
                    elif entry.name.endswith(PART) and state.st_mtime < expired:
                        Path(entry.path).unlink()
        for _, size, path in sorted(files):
            if total <= self._max_bytes - self._step:
                return
            Path(path).unlink(missing_ok=True)
            total -= size
