"""`python -m model`: classify a table, list the bundles. The exit code is 1 after an error.

python -m model predict IN.csv OUT.csv [--keep COLUMN ...] [--model NAME]
python -m model info [--json]

`-` is standard input or output; a file of that name is `./-`.
"""

import argparse
import json
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO, Final

from tqdm import tqdm

from model import table
from model.classifier import Classifier
from model.errors import ModelError
from model.store import BundleStore
from model.table import Counts

STREAM: Final = "-"
"""Stands for standard input or output."""


def main(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m model")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    predict = commands.add_parser("predict", help="classify each row of a table")
    predict.add_argument("source", metavar="IN.csv")
    predict.add_argument("target", metavar="OUT.csv")
    predict.add_argument("--keep", action="append", default=[], metavar="COLUMN")
    predict.add_argument("--model", default="wide", metavar="NAME")
    predict.set_defaults(run=_predict)
    info = commands.add_parser("info", help="list the bundles")
    info.add_argument("--json", action="store_true")
    info.set_defaults(run=_info)
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return int(options.run(options))
    except ModelError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
    except BrokenPipeError:  # as in `... | head`; what is buffered is not wanted either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        reason = f"{error.filename}: {error.strerror}" if error.filename else error
        print(f"{parser.prog}: {reason}", file=sys.stderr)
    except KeyboardInterrupt:
        print(f"{parser.prog}: stopped; no file was written", file=sys.stderr)
    return 1


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _predict(options: argparse.Namespace) -> int:
    source = sys.stdin.buffer if options.source == STREAM else Path(options.source)
    target = sys.stdout.buffer if options.target == STREAM else Path(options.target)
    classifier = Classifier(BundleStore().load(options.model))
    name = source.name if isinstance(source, Path) else "standard input"
    with tqdm(total=_size(source), unit="B", unit_scale=True, desc=name) as bar:
        counts = table.predict(
            classifier,
            source,
            target,
            lambda read: bar.update(read - bar.n),
            keep=options.keep,
        )
    print(_closing(classifier, counts), file=sys.stderr if options.target == STREAM else sys.stdout)
    return 0


def _size(source: Path | BinaryIO) -> int | None:
    """Return the size of a file in bytes; None if it is not known."""
    if isinstance(source, Path) and source.is_file():
        return source.stat().st_size
    return None


def _closing(classifier: Classifier, counts: Counts) -> str:
    """Return the sentence about what was done and what was missing."""
    sentence = (
        f"{counts.rows} rows classified with {classifier.name} {classifier.version}; "
        f"{counts.skipped} of them had too few features and were left empty"
    )
    if counts.missing:
        sentence += f"; missing columns: {', '.join(counts.missing)}"
    if counts.without_unit:
        sentence += f" (the unit of {', '.join(counts.without_unit)} is not known)"
    return sentence


def _info(options: argparse.Namespace) -> int:
    store = BundleStore()
    bundles = [asdict(store.load(name).metadata) for name in store.names()]
    if options.json:
        print(json.dumps({"bundles": bundles}))
        return 0
    for bundle in bundles:
        print(f"{bundle['name']} {bundle['version']}: {', '.join(bundle['genres'])}")
        print(json.dumps(bundle["metrics"], indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
