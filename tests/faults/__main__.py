"""The fault laboratory: real processes of the bot, and everything that can go wrong.

python -m tests.faults [--short] [--seed N] [--keep FOLDER] [EXPERIMENT ...]

Prints a table; exit code 1 if an expectation was not met, in the short form only if something was
lost, repeated or ended. The full form also writes its rows to docs/reliability.md.
"""

import argparse
import asyncio
import importlib
import logging
import platform
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from model.cores import cores
from tests.faults import table
from tests.faults.lab import Lab
from tests.faults.table import Row

DOCUMENT = Path(__file__).parents[2] / "docs" / "reliability.md"
EXPERIMENTS = (
    "kills",
    "stopping",
    "malformed",
    "burst",
    "acknowledgements",
    "storage_faults",
    "upstream",
    "http_attacks",
    "database_writes",
    "soak",
)
"""Modules of this package with a function `run`, in the order of the table."""


def main(arguments: Sequence[str]) -> int:
    """Run the experiments; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--short", action="store_true", help="a few minutes, for CI")
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="keep databases and logs in a new folder"
    )
    parser.add_argument("experiments", nargs="*", metavar="EXPERIMENT", help=" ".join(EXPERIMENTS))
    options = parser.parse_args(arguments)
    if unknown := set(options.experiments) - set(EXPERIMENTS):
        parser.error(f"no experiment {' '.join(sorted(unknown))}")
    names = options.experiments or EXPERIMENTS
    # As Ctrl-C, so that the bot's processes are ended with this one.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # The bot's broken requests are expected; the stubs' server would log each.
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)
    print(f"{machine()}\n\n{table.HEADER}", flush=True)
    lines: dict[str, list[str]] = {name: [] for name in EXPERIMENTS}
    missed = 0

    def add(name: str, row: Row) -> None:
        nonlocal missed
        # The short form may run on a machine that does other things: what counts is what was lost.
        missed += row.reached is False and not (options.short and row.is_limit)
        lines[name].append(table.line(name, row))
        print(lines[name][-1], flush=True)

    for name in names:
        asyncio.run(run(name, add, short=options.short, seed=options.seed, keep=options.keep))
        if not options.short:
            document = DOCUMENT.read_text(encoding="utf-8")
            DOCUMENT.write_text(table.insert(document, machine(), lines), encoding="utf-8")
    print(f"\n{missed} expectations missed" if missed else "\nevery expectation met")
    return 1 if missed else 0


@contextmanager
def workspace(name: str, keep: Path | None) -> Iterator[Path]:
    """Yield a new folder for an experiment: below `keep`, or one that is deleted at the end."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix=f"faults-{name}-") as folder:
            yield Path(folder)
    else:
        (keep / name).mkdir(parents=True)
        yield keep / name


async def run(
    name: str,
    add: Callable[[str, Row], None],
    *,
    short: bool,
    seed: int,
    keep: Path | None,
) -> None:
    """Run an experiment in a new folder; an error of its own is a missed expectation."""
    begin = time.monotonic()
    with workspace(name, keep) as folder:
        lab = Lab(folder, short, seed, report)
        try:
            async for row in importlib.import_module(f"tests.faults.{name}").run(lab):
                add(name, row)
        except Exception as error:  # noqa: BLE001 - the other experiments are run all the same
            failure = f"{type(error).__name__}: {error}"[:200]
            add(name, Row("the experiment itself", "ends", failure, reached=False))
    report(f"{name}: {time.monotonic() - begin:.0f} s")


def report(line: str) -> None:
    """Print a line of progress."""
    print(line, file=sys.stderr, flush=True)


def machine() -> str:
    """Return the machine and the date."""
    date = datetime.now(UTC).strftime("%Y-%m-%d")
    python = platform.python_version()
    return f"Measured on {date}, {cores()} cores, {platform.system()}, Python {python}."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
