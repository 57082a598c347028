"""Options that several verbs take."""

import argparse
import tempfile
from pathlib import Path
from typing import Final

from model.store import SHIPPED
from training.errors import CannotWrite
from training.tables import NAMES
from training.tasks import TASKS

STUDY_OUT: Final = Path("var/study")
"""Where the study writes unless told otherwise."""

LARGEST_SEED: Final = 2**32 - 1
"""What scikit-learn takes."""


def data(parser: argparse.ArgumentParser) -> None:
    """Take `--data`, the folder of tables."""
    parser.add_argument("--data", type=Path, default=Path("data"), help="folder of tables")


def tables(parser: argparse.ArgumentParser) -> None:
    """Take `--tables`, names of tables; all of them unless said."""
    parser.add_argument("--tables", type=_tables, default=NAMES, help="comma between names")


def models(parser: argparse.ArgumentParser) -> None:
    """Take `--model`, names of models; all of them unless said."""
    names = [task.name for task in TASKS]
    parser.add_argument("--model", nargs="+", choices=names, default=names)


def bundles(parser: argparse.ArgumentParser, name: str) -> None:
    """Take `name`, the folder of bundles; the one that is shipped unless said."""
    parser.add_argument(name, type=Path, default=SHIPPED, help="folder of bundles")


def seed(parser: argparse.ArgumentParser) -> None:
    """Take `--seed`, which every random draw follows from."""
    parser.add_argument("--seed", type=_seed, default=0, help=f"0 to {LARGEST_SEED}")


def processes(text: str) -> int:
    """Read a number of processes."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes: 1 at least")
    return int(text)


def address(text: str) -> str:
    """Read an address, which may not be empty: that would be the folder one stands in."""
    if not text.strip():
        raise argparse.ArgumentTypeError("the address is empty")
    return text


def check_usable(folder: Path) -> None:
    """Raise CannotWrite unless the folder can be written, or made where there is none."""
    there = next(one for one in (folder, *folder.parents) if one.exists())
    try:
        with tempfile.TemporaryFile(dir=there):
            return
    except OSError as error:
        raise CannotWrite(f"{folder}: nothing can be written there: {error.strerror}") from None


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) > LARGEST_SEED:
        raise argparse.ArgumentTypeError(f"{text!r} is no seed: 0 to {LARGEST_SEED}")
    return int(text)


def _tables(text: str) -> tuple[str, ...]:
    wanted = tuple(name.strip() for name in text.split(","))
    unknown = [name for name in wanted if name not in NAMES]
    if unknown:
        raise argparse.ArgumentTypeError(
            f"no table {', '.join(unknown)}; there are {', '.join(NAMES)}"
        )
    return wanted
