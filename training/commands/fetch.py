"""Command `fetch`: downloads the public tables."""

from collections.abc import Iterator
from pathlib import Path

from training.fetch import fetch


def run(data: Path) -> Iterator[str]:
    """Download the missing tables, and name those that must be downloaded manually."""
    yield from fetch(data)
