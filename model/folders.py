"""Where settings and data are kept.

A clone keeps them in the working directory: `.env`, `var/`, `data/`. An installed copy uses the
folders that the operating system has for a user's settings and data.
"""

from functools import cache
from pathlib import Path
from typing import Final

from platformdirs import PlatformDirs

SOURCE: Final = Path(__file__).resolve().parents[1]
"""The clone, or the folder in which the packages are installed."""

SETTINGS_NAME: Final = ".env"

_dirs: Final = PlatformDirs("soundslike", appauthor=False)


@cache
def is_clone() -> bool:
    """Return whether this code runs from a clone, which may be installed as editable."""
    return (SOURCE / "pyproject.toml").is_file() and (SOURCE / "Makefile").is_file()


def settings_file() -> Path:
    """Return the path of the settings file, which may not exist."""
    return Path(SETTINGS_NAME) if is_clone() else _dirs.user_config_path / SETTINGS_NAME


def data_folder() -> Path:
    """Return the default folder of the database, the heartbeat and fetched models."""
    return Path("var") if is_clone() else _dirs.user_data_path


def tables_folder() -> Path:
    """Return the default folder of the training tables."""
    return Path("data") if is_clone() else data_folder() / "tables"


def study_folder() -> Path:
    """Return the default output folder of the study."""
    return data_folder() / "study"


def bundles_folder(shipped: Path) -> Path:
    """Return the default folder for newly trained bundles: `shipped` in a clone."""
    return shipped if is_clone() else data_folder() / "trained"
