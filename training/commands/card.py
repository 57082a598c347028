"""Command `card`: writes the model card, and for the shipped bundles the README's figures."""

from collections.abc import Iterator
from pathlib import Path

from model.store import SHIPPED, BundleStore
from training import figures
from training.card import write_card
from training.commands import options
from training.readme import README, write_readme


def run(bundles: Path | None) -> Iterator[str]:
    """Write the model card; for the shipped bundles, figures file and README too."""
    yield from write(options.bundles(bundles))


def write(root: Path) -> Iterator[str]:
    """Write what is made of the bundles in the folder `root`."""
    if root.resolve() == SHIPPED:
        store = BundleStore(root)
        shipped = [store.load(name).metadata for name in store.names()]
        figures.write_models(figures.COMMITTED, shipped)
        if write_readme(figures.read()):
            yield str(README)
    yield str(write_card(root))
