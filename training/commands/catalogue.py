"""`python -m training catalogue`: the bot's embedded songs, read from the tables."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from training.commands import options as common
from training.embedded_songs import EMBEDDED_SONGS, write_embedded_songs


def add(verbs: Any) -> None:
    """Add the verb."""
    parser = verbs.add_parser("catalogue", help="write the bot's embedded songs")
    parser.add_argument("--out", type=Path, default=EMBEDDED_SONGS)
    common.data(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Iterator[str]:
    """Write them."""
    songs = write_embedded_songs(options.data, options.out)
    yield f"{options.out}: {songs} songs"
