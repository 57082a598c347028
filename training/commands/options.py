"""Checks of options that several commands have."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import typer

from model import folders
from model.store import SHIPPED
from training.errors import CannotWrite
from training.tables import ARTIST_GENRES, CHOICES, NAMES
from training.tasks import TASKS


def bundles(given: Path | None) -> Path:
    """Return the folder of bundles: the given one, else that of the clone or the user."""
    return given or folders.bundles_folder(SHIPPED)


def tables(given: str | None) -> tuple[str, ...]:
    """Return the names of tables in a list with commas, all of them by default."""
    if given is None:
        return CHOICES
    wanted = tuple(name.strip() for name in given.split(","))
    _check("table", wanted, CHOICES)
    if not set(wanted) & set(NAMES):
        raise typer.BadParameter(f"{ARTIST_GENRES} has no songs; name a table of songs, too")
    return wanted


def models(given: Sequence[str] | None) -> list[str]:
    """Return the names of models, all of them by default."""
    names = [task.name for task in TASKS]
    _check("model", given or (), names)
    return list(given or names)


def _check(what: str, wanted: Sequence[str], known: Sequence[str]) -> None:
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise typer.BadParameter(f"no {what} {', '.join(unknown)}; there are {', '.join(known)}")


def check_usable(folder: Path) -> None:
    """Raise CannotWrite unless the folder can be written or created."""
    existing = next(one for one in (folder, *folder.parents) if one.exists())
    try:
        with tempfile.TemporaryFile(dir=existing):
            return
    except OSError as error:
        raise CannotWrite(f"{folder}: nothing can be written there: {error.strerror}") from None
