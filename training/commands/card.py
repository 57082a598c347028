"""Command `card`: writes the model card, and for the shipped bundles the README's figures."""

from collections.abc import Iterator
from pathlib import Path

from model.store import SHIPPED, BundleStore
from training import figures
from training.card import write_card
from training.readme import README, write_readme


def write(root: Path) -> Iterator[str]:
    """Write the card of the bundles in `root`; of the shipped ones, figures and README too."""
    if root.resolve() == SHIPPED:
        store = BundleStore(root)
        shipped = [store.load(name).metadata for name in store.names()]
        figures.write_models(figures.COMMITTED, shipped)
        if write_readme(figures.read()):
            yield str(README)
    yield str(write_card(root))
