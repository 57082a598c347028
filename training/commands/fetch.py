"""`python -m training fetch`: the public tables, from where they are published."""

import argparse
from collections.abc import Iterator
from typing import Any

from training.commands import options as common
from training.fetch import fetch


def add(verbs: Any) -> None:
    """Add the verb."""
    parser = verbs.add_parser("fetch", help="download the public tables")
    common.data(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Iterator[str]:
    """Download what is not there, and say what has to be fetched by hand."""
    yield from fetch(options.data)
