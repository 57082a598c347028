"""`python -m training fetch`: downloads the public tables."""

import argparse
from collections.abc import Iterator
from typing import Any

from training.commands import options as common
from training.fetch import fetch


def add(commands: Any) -> None:
    """Add the command's parser."""
    parser = commands.add_parser("fetch", help="download the public tables")
    common.data(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Iterator[str]:
    """Download the missing tables, and name those that must be downloaded manually."""
    yield from fetch(options.data)
