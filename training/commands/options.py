"""Options of several commands."""

import argparse
import tempfile
from pathlib import Path
from typing import Final

from model.store import SHIPPED
from training.errors import CannotWrite
from training.tables import NAMES
from training.tasks import TASKS

STUDY_OUT: Final = Path("var/study")
"""Default output folder of the study."""

MAX_SEED: Final = 2**32 - 1
"""Largest seed that scikit-learn accepts."""


def data(parser: argparse.ArgumentParser) -> None:
    """Add `--data`, the folder of tables."""
    parser.add_argument("--data", type=Path, default=Path("data"), help="folder of tables")


def tables(parser: argparse.ArgumentParser) -> None:
    """Add `--tables`, names of tables, by default all."""
    parser.add_argument("--tables", type=_tables, default=NAMES, help="comma between names")


def models(parser: argparse.ArgumentParser) -> None:
    """Add `--model`, names of models, by default all."""
    names = [task.name for task in TASKS]
    parser.add_argument("--model", nargs="+", choices=names, default=names)


def bundles(parser: argparse.ArgumentParser, name: str) -> None:
    """Add the option `name`, a folder of bundles, by default that of the shipped bundles."""
    parser.add_argument(name, type=Path, default=SHIPPED, help="folder of bundles")


def seed(parser: argparse.ArgumentParser) -> None:
    """Add `--seed`, the seed of all random draws."""
    parser.add_argument("--seed", type=_seed, default=0, help=f"0 to {MAX_SEED}")


def processes(text: str) -> int:
    """Parse a number of processes."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of processes (at least 1)")
    return int(text)


def address(text: str) -> str:
    """Parse an address; an empty one, which would mean the working directory, is an error."""
    if not text.strip():
        raise argparse.ArgumentTypeError("the address is empty")
    return text


def check_usable(folder: Path) -> None:
    """Raise CannotWrite unless the folder can be written or created."""
    existing = next(one for one in (folder, *folder.parents) if one.exists())
    try:
        with tempfile.TemporaryFile(dir=existing):
            return
    except OSError as error:
        raise CannotWrite(f"{folder}: nothing can be written there: {error.strerror}") from None


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) > MAX_SEED:
        raise argparse.ArgumentTypeError(f"{text!r} is not a seed: 0 to {MAX_SEED}")
    return int(text)


def _tables(text: str) -> tuple[str, ...]:
    wanted = tuple(name.strip() for name in text.split(","))
    unknown = [name for name in wanted if name not in NAMES]
    if unknown:
        raise argparse.ArgumentTypeError(
            f"no table {', '.join(unknown)}; there are {', '.join(NAMES)}"
        )
    return wanted
