"""`python -m training publish`: publishes bundles to a model store."""

import argparse
from collections.abc import Iterator
from typing import Any

from training.commands import options as common
from training.publish import publish


def add(commands: Any) -> None:
    """Add the command's parser."""
    parser = commands.add_parser("publish", help="publish bundles to a model store")
    parser.add_argument(
        "url", metavar="URL", type=common.address, help="a folder, or s3://BUCKET/FOLDER"
    )
    common.bundles(parser, "--bundles")
    common.models(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Iterator[str]:
    """Publish the current bundle of each model."""
    for metadata in publish(options.bundles, options.model, options.url):
        yield f"{options.url}: {metadata.name} {metadata.version}"
