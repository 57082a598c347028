"""Command `publish`: puts bundles into a model store, from which bots fetch them."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NoReturn

from tqdm import tqdm

from model.remote import RemoteStore
from model.store import BundleStore


def run(url: str, bundles: Path, models: Sequence[str]) -> Iterator[str]:
    """Save and promote the current bundle of each model; raises BundleError."""
    store = RemoteStore(url)
    for name in models:
        with tqdm(desc=name, unit="B", unit_scale=True, disable=None) as bar:
            version = BundleStore(bundles).current(name)
            store.save(name, version, bundles, partial(_show, bar))
        store.promote(name, version)
        yield f"{url}: {name} {version}"


def _show(bar: "tqdm[NoReturn]", done: int, total: int) -> None:
    bar.total = total
    bar.update(done - bar.n)
