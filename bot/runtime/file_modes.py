"""Finds files with secrets or personal data that other users of the machine can read."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from bot.runtime.settings import Settings
from bot.storage.engine import database_file
from bot.storage.user_hash import KEY_FILE
from bot.texts import files as texts

OTHERS: Final = 0o066
"""Mode bits by which group and others read and write."""


def warning(settings: Settings, settings_file: Path) -> str | None:
    """Return one warning about the settings file, the database and the key; None if all are safe.

    Files that the bot makes are readable by its user only. Raises StorageFailed for an address of
    no database.
    """
    candidates = (
        settings_file,
        database_file(settings.database),
        None if settings.user_hash_key else settings.data_dir / KEY_FILE,
    )
    readable = _readable_by_others(file for file in candidates if file)
    return texts.readable_by_others(readable) if readable else None


def _readable_by_others(files: Iterable[Path]) -> list[Path]:
    if os.name != "posix":  # elsewhere the mode says nothing
        return []
    return [file for file in files if file.exists() and file.stat().st_mode & OTHERS]
