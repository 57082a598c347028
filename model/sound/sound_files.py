"""Finds the sound files of a folder, by the ends of their names."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from model.sound.errors import NoSoundFiles
from model.sound.format_table import SUFFIXES, UNREAD_SUFFIXES


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
