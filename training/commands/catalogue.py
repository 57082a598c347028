"""`python -m training catalogue`: writes the bot's embedded songs from the tables."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from training.commands import options as common
from training.embedded_songs import EMBEDDED_SONGS, write_embedded_songs


def add(commands: Any) -> None:
    """Add the command's parser."""
    parser = commands.add_parser("catalogue", help="write the bot's embedded songs")
    parser.add_argument("--out", type=Path, default=EMBEDDED_SONGS)
    common.data(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Iterator[str]:
    """Write the embedded songs."""
    songs = write_embedded_songs(options.data, options.out)
    yield f"{options.out}: {songs} songs"
