"""Options that several verbs take."""

import argparse
from pathlib import Path

from model.store import SHIPPED
from training.tables import NAMES
from training.tasks import TASKS


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


def _tables(text: str) -> tuple[str, ...]:
    wanted = tuple(name.strip() for name in text.split(","))
    unknown = [name for name in wanted if name not in NAMES]
    if unknown:
        raise argparse.ArgumentTypeError(
            f"no table {', '.join(unknown)}; there are {', '.join(NAMES)}"
        )
    return wanted
