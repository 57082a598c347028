"""Command `publish`: puts bundles into a model store, from which bots fetch them."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NoReturn

from tqdm import tqdm

from model.remote import RemoteStore
from model.store import BundleStore
from training.commands import options


def run(url: str, bundles: Path | None, models: Sequence[str] | None) -> Iterator[str]:
    """Save and promote the current bundle of each model; raises BundleError."""
    root, store = options.bundles(bundles), RemoteStore(url)
    for name in options.models(models):
        with tqdm(desc=name, unit="B", unit_scale=True, disable=None) as bar:
            version = BundleStore(root).current(name)
            store.save(name, version, root, partial(_show, bar))
        store.promote(name, version)
        yield f"{url}: {name} {version}"


def _show(bar: "tqdm[NoReturn]", done: int, total: int) -> None:
    bar.total = total
    bar.update(done - bar.n)
