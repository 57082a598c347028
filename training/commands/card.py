"""Command `card`: writes the model card from the bundles' metadata."""

from collections.abc import Iterator
from pathlib import Path

from training.card import write_card
from training.commands import options


def run(bundles: Path | None) -> Iterator[str]:
    """Write the model card."""
    yield str(write_card(options.bundles(bundles)))
