"""`python -m training card`: the model card, written again from the bundles' own figures."""

import argparse
from collections.abc import Iterator
from typing import Any

from training.card import write_card
from training.commands import options as common


def add(verbs: Any) -> None:
    """Add the verb."""
    parser = verbs.add_parser("card", help="write the model card again, from the bundles")
    common.bundles(parser, "--bundles")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Iterator[str]:
    """Write it."""
    yield str(write_card(options.bundles))
