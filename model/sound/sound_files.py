"""Finds the sound files of a folder, by the ends of their names, and opens files."""

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from model.sound.errors import NoSoundFiles, NotAudio, Problem
from model.sound.format_table import SUFFIXES, UNREAD_SUFFIXES
from model.sound.limits import LIMITS

MISSING: Final = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG})
"""Numbers of errors that mean that there is no such file."""


def sound_files(folder: Path) -> list[Path]:
    """Return the sound files of a folder and the folders in it, sorted by name in each folder.

    Hidden files and folders are skipped, and what is no regular file. Symbolic links are followed,
    each folder being entered once. A folder that cannot be read counts as empty.

    Raises:
        NoSoundFiles: The folder does not exist, or has none.
    """
    if not folder.is_dir():
        problem = "is a file: name its folder" if folder.exists() else "does not exist"
        raise NoSoundFiles(f"{folder} {problem}")
    files = list(_walk(folder))
    if not files:
        raise NoSoundFiles(f"{folder} has no sound files, such as .mp3 or .flac")
    return files


def open_sound(path: Path) -> BinaryIO:
    """Open a file for reading.

    Raises:
        NotAudio: It is missing, may not be read, is no regular file, or is too big.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # opening a pipe would wait for its writer
            raise NotAudio(Problem.NOT_SOUND)
        if status.st_size > LIMITS.file_bytes:
            raise NotAudio(Problem.TOO_BIG, limit=LIMITS.file_bytes)
        return path.open("rb")
    except ValueError as error:  # a NUL in its name
        raise NotAudio(Problem.MISSING) from error
    except OSError as error:
        is_missing = error.errno in MISSING
        raise NotAudio(Problem.MISSING if is_missing else Problem.UNREADABLE) from error


def _walk(folder: Path) -> Iterator[Path]:
    entered: set[tuple[int, int]] = set()
    for place, folders, names in os.walk(folder, followlinks=True):
        status = Path(place).stat()
        if (status.st_dev, status.st_ino) in entered:
            folders.clear()
            continue
        entered.add((status.st_dev, status.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and _is_sound(path := Path(place, name)):
                yield path


def _is_sound(path: Path) -> bool:
    if path.suffix.casefold() not in SUFFIXES | UNREAD_SUFFIXES:
        return False
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:  # a link to nothing, or the file is gone
        return False
