"""`python -m training publish`: bundles into a store from which bots fetch them."""

import argparse
from collections.abc import Iterator
from typing import Any

from training.commands import options as common
from training.publish import publish


def add(verbs: Any) -> None:
    """Add the verb."""
    parser = verbs.add_parser("publish", help="put bundles into a model store")
    parser.add_argument(
        "url", metavar="URL", type=common.address, help="a folder, or s3://BUCKET/FOLDER"
    )
    common.bundles(parser, "--bundles")
    common.models(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Iterator[str]:
    """Put each model's current bundle there."""
    for metadata in publish(options.bundles, options.model, options.url):
        yield f"{options.url}: {metadata.name} {metadata.version}"
