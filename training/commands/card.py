"""`python -m training card`: writes the model card from the bundles' metadata."""

import argparse
from collections.abc import Iterator
from typing import Any

from training.card import write_card
from training.commands import options as common


def add(commands: Any) -> None:
    """Add the command's parser."""
    parser = commands.add_parser("card", help="write the model card from the bundles")
    common.bundles(parser, "--bundles")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Iterator[str]:
    """Write the model card."""
    yield str(write_card(options.bundles))
