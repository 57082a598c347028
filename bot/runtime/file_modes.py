"""Warns of files with secrets that other accounts of the computer can read."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from bot.runtime.settings import SECRET_FIELDS, Settings
from bot.storage.engine import database_file
from bot.storage.user_hash import KEY_FILE
from bot.texts import operator
from model import folders


def warnings(settings: Settings) -> Iterator[str]:
    """Yield a warning for each file with secrets that others can read; raises StorageFailed.

    The files are the settings file, if a secret is set, the key for user hashes, and the SQLite
    database. Windows has no modes.
    """
    if os.name != "posix":
        return
    files = [database_file(settings.database)]
    if any(getattr(settings, name) for name in (*SECRET_FIELDS, "database_url")):
        files.append(folders.settings_file())
    if not settings.user_hash_key:
        files.append(settings.data_dir / KEY_FILE)
    for file in files:
        if file and _others_can_read(file):
            yield operator.readable_by_others(file.absolute())


def _others_can_read(file: Path) -> bool:
    """Return whether the file's mode lets others read it, and its folders' let them get there."""
    try:
        enterable = all(one.stat().st_mode & stat.S_IXOTH for one in file.absolute().parents)
        return enterable and bool(file.stat().st_mode & stat.S_IROTH)
    except OSError:  # it does not exist yet
        return False
