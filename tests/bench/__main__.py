"""`make bench`: measures the bot and, in the same run, the study's implementation.

python -m tests.bench [--rows N ...]
"""

import argparse
import platform
import sys
import tempfile
from itertools import chain
from pathlib import Path

from tests.bench import cards, one_song, process, search, tables, upstream
from tests.bench.table import Row, show


def main() -> int:
    """Run all benchmarks and print one table; return 1 if a goal was missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--rows", type=int, nargs="*", default=[10_000, 100_000, 1_000_000], metavar="N"
    )
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}, {platform.system()}\n")
    print("| figure | ours | the study's way | goal | reached |\n|---|---|---|---|---|")
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        for row in chain(
            one_song.measure(),
            cards.measure(scratch / "cards"),
            upstream.measure(scratch / "upstream"),
            process.measure(scratch),
            search.measure(),
            tables.measure(scratch, options.rows),
        ):
            show(row)
            rows.append(row)
    missed = [row for row in rows if row.reached is False]
    print(f"{len(missed)} goals missed" if missed else "every goal reached")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
