"""`make bench`: measures the bot and, in the same run, the study's implementation.

python -m tests.bench [--rows N ...] [--only PART] [--write FILE]
"""

import argparse
import platform
import sys
import tempfile
from itertools import chain
from pathlib import Path
from typing import Final

from tests.bench import (
    cards,
    listening,
    one_song,
    process,
    search,
    swap,
    tables,
    upstream,
    visitors,
    what_if,
)
from tests.bench.table import Row, markdown, show

HEAD: Final = "| figure | ours | compared with | goal | reached |\n|---|---|---|---|---|"
PARTS: Final = (
    "one_song",
    "cards",
    "upstream",
    "process",
    "visitors",
    "listening",
    "search",
    "what_if",
    "swap",
    "tables",
)

PREFACE: Final = """# Speeds and loads

Written by `make bench`, which measures the bot and, in the same run, what it is compared with: the
study's way (a forest loaded with joblib, pyplot; pandas for tables), and the search before it.
"""


def main() -> int:
    """Run all benchmarks and print one table; return 1 if a goal was missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--rows", type=int, nargs="*", default=[10_000, 100_000, 1_000_000], metavar="N"
    )
    parser.add_argument("--only", type=_part, choices=PARTS, metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table there, too")
    options = parser.parse_args()
    machine = f"Python {platform.python_version()}, {platform.machine()}, {platform.system()}"
    print(f"{machine}\n\n{HEAD}")
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        parts = {
            "one_song": one_song.measure(),
            "cards": cards.measure(scratch / "cards"),
            "upstream": upstream.measure(scratch / "upstream"),
            "process": process.measure(scratch),
            "visitors": visitors.measure(scratch / "visitors"),
            "listening": listening.measure(scratch / "listening"),
            "search": search.measure(),
            "what_if": what_if.measure(scratch / "what_if"),
            "swap": swap.measure(scratch / "swap"),
            "tables": tables.measure(scratch, options.rows),
        }
        for row in chain.from_iterable(
            rows for name, rows in parts.items() if options.only in {None, name}
        ):
            show(row)
            rows.append(row)
    if options.write:
        table = "\n".join(map(markdown, rows))
        options.write.write_text(f"{PREFACE}\n{machine}.\n\n{HEAD}\n{table}\n", encoding="utf-8")
    missed = [row for row in rows if row.reached is False]
    print(f"{len(missed)} goals missed" if missed else "every goal reached")
    return 1 if missed else 0


def _part(name: str) -> str:
    """Return the name of a part, which may also be written with hyphens."""
    return name.replace("-", "_")


if __name__ == "__main__":
    sys.exit(main())
