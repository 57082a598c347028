"""Bundles into a model store, from which bots fetch them when they start."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NoReturn

from tqdm import tqdm

from model.bundle import Metadata
from model.remote import RemoteStore


def publish(root: Path, names: Sequence[str], url: str) -> Iterator[Metadata]:
    """Put the current bundle of each of `names` in the folder `root` into the store at `url`.

    Yields what was put there. Raises BundleError.
    """
    store = RemoteStore(url)
    for name in names:
        with tqdm(desc=name, unit="B", unit_scale=True) as bar:
            metadata = store.publish(name, root, partial(_show, bar))
        yield metadata


def _show(bar: "tqdm[NoReturn]", done: int, total: int) -> None:
    bar.total = total
    bar.update(done - bar.n)
