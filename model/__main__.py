"""`python -m model`: classify a CSV table, list the bundles. The exit code is 1 after an error.

python -m model predict IN.csv OUT.csv [--model NAME]
python -m model info [--json]
"""

import argparse
import json
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tqdm import tqdm

from model import table
from model.classifier import Classifier
from model.errors import ModelError
from model.schema import CORE, MINIMUM_CORE
from model.store import BundleStore


def main(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m model")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    predict = commands.add_parser("predict", help="classify each row of a CSV table")
    predict.add_argument("source", type=Path, metavar="IN.csv")
    predict.add_argument("target", type=Path, metavar="OUT.csv")
    predict.add_argument("--model", default="wide", metavar="NAME")
    predict.set_defaults(run=_predict)
    info = commands.add_parser("info", help="list the bundles")
    info.add_argument("--json", action="store_true")
    info.set_defaults(run=_info)
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return int(options.run(options))
    except (ModelError, OSError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"{parser.prog}: stopped; nothing was written", file=sys.stderr)
        return 1


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _predict(options: argparse.Namespace) -> int:
    classifier = Classifier(BundleStore().load(options.model))
    size = options.source.stat().st_size
    with tqdm(total=size, unit="B", unit_scale=True, desc=options.source.name) as bar:
        counts = table.predict(
            classifier, options.source, options.target, lambda read: bar.update(read - bar.n)
        )
    print(
        f"{counts.rows} rows classified with {classifier.name} {classifier.version}; "
        f"{counts.skipped} of them had too few features and were left empty"
    )
    if counts.rows and counts.skipped == counts.rows:
        print(f"no row had {MINIMUM_CORE} of the columns {', '.join(CORE)}", file=sys.stderr)
    return 0


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
