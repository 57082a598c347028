"""Command `publish`: puts bundles into a model store, from which bots fetch them."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NoReturn

from tqdm import tqdm

from model.redaction import public_address
from model.remote import RemoteStore
from model.signature import Signer
from model.store import BundleStore
from model.versions import Versions

PUBLISH: Final = "publish"
"""Who moved a version, in its events."""


def run(url: str, bundles: Path, models: Sequence[str], key: Path | None = None) -> Iterator[str]:
    """Save and promote the current bundle of each model; record that they are active.

    Args:
        url: Address of the model store.
        bundles: Folder of the bundles.
        models: Names of the models.
        key: File of the private key that signs them; they are not signed without it.

    Raises:
        BundleError: A bundle or the store cannot be used.
        KeyUnusable: The key cannot be read.
    """
    signer = Signer.from_file(key) if key else None
    versions = Versions(RemoteStore(url), BundleStore(), signer)
    for name in models:
        with tqdm(desc=name, unit="B", unit_scale=True, disable=None) as bar:
            version = BundleStore(bundles).current(name)
            versions.upload(name, version, bundles, partial(_show, bar))
        versions.promote(name, version, by=PUBLISH)
        yield f"{public_address(url)}: {name} {version}" + (", signed" if signer else "")


def _show(bar: "tqdm[NoReturn]", done: int, total: int) -> None:
    bar.total = total
    bar.update(done - bar.n)
