"""Publishes bundles to a model store, from which bots fetch them."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NoReturn

from tqdm import tqdm

from model.bundle import Metadata
from model.remote import RemoteStore
from model.store import BundleStore


def publish(root: Path, names: Sequence[str], url: str) -> Iterator[Metadata]:
    """Save and promote the current bundles of the models `names` in a model store.

    Args:
        root: Local folder of bundles.
        names: Names of the models.
        url: Address of the model store.

    Yields:
        The metadata of each published bundle.

    Raises:
        BundleError: A bundle is damaged, or the store cannot be written.
    """
    store = RemoteStore(url)
    for name in names:
        with tqdm(desc=name, unit="B", unit_scale=True, disable=None) as bar:
            version = BundleStore(root).current(name)
            store.save(name, version, root, partial(_show, bar))
        yield store.promote(name, version)


def _show(bar: "tqdm[NoReturn]", done: int, total: int) -> None:
    bar.total = total
    bar.update(done - bar.n)
