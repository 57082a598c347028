"""Command `catalogue`: writes the bot's embedded songs from the tables."""

from collections.abc import Iterator
from pathlib import Path

from training.embedded_songs import EMBEDDED_SONGS, write_embedded_songs


def run(data: Path, out: Path | None) -> Iterator[str]:
    """Write the embedded songs."""
    out = out or EMBEDDED_SONGS
    songs = write_embedded_songs(data, out)
    yield f"{out}: {songs} songs"
