"""Downloads bundles from the model store."""

import logging
from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NoReturn

from tqdm import tqdm

from bot.concurrency.daemon_thread import DaemonThread
from bot.domain.errors import ModelUnusable
from bot.runtime import self_test
from bot.texts import models as texts
from model.classifier import Classifier
from model.errors import BundleError
from model.redaction import public_address
from model.remote import RemoteStore
from model.store import BundleStore

POINTER_TIMEOUT: Final = 15.0
FETCH_TIMEOUT: Final = 120.0
"""Time limits in seconds for reading the store's pointer, and for fetching a bundle."""

THREAD: Final = "model store"

_log = logging.getLogger(__name__)


async def refresh(
    url: str, name: str, folder: Path, keys: Sequence[bytes] = (), *, own: Collection[str] = ()
) -> None:
    """Fetch the current bundle of a model into a folder, unless it is there already.

    It becomes the folder's current one. A failure is logged; the bundles in the folder then stay
    as they are.

    Args:
        url: Address of the model store.
        name: The model's name.
        folder: Folder of fetched bundles.
        keys: Public keys, one of which must have signed the bundle; no signature is needed
            without them.
        own: Versions that are shipped; they are not fetched.
    """
    thread, local = DaemonThread(THREAD), BundleStore(folder, keys)
    try:
        store, version = await thread.run(POINTER_TIMEOUT, partial(_ask, url, name, keys))
        if version in own:
            if name in local.names():
                local.point(name, version)
        elif not has(local, name, version):
            await thread.run(FETCH_TIMEOUT, partial(_serve, store, name, version, folder))
    except TimeoutError:
        _log.warning(texts.model_not_fetched(name, texts.too_slow(public_address(url))))
    except (BundleError, ModelUnusable, OSError) as error:
        _log.warning(texts.model_not_fetched(name, error))


def download(store: RemoteStore, name: str, version: str, folder: Path) -> None:
    """Fetch a version of a model, without making it the folder's current one.

    Raises what `RemoteStore.fetch` raises.
    """
    _log.info(texts.fetching_model(name, version, store.name))
    with tqdm(desc=name, unit="B", unit_scale=True, disable=None, leave=False) as bar:
        store.fetch(name, version, folder, partial(_show, bar))
    signed = BundleStore(folder, store.keys).last_signed(name)
    _log.info(texts.model_fetched(name, version, signed.date if signed else None))


def _serve(store: RemoteStore, name: str, version: str, folder: Path) -> None:
    """Fetch and test a version, and make it the folder's current one."""
    download(store, name, version, folder)
    local = BundleStore(folder, store.keys)
    self_test.check(Classifier(local.load(name, version)))
    local.promote(name, version)


def has(local: BundleStore, name: str, version: str) -> bool:
    """Return whether a version is the current one of a local store, and intact."""
    try:
        return local.load(name).metadata.version == version
    except BundleError:
        return False


async def newest(url: str, name: str, keys: Sequence[bytes] = ()) -> tuple[str, str | None]:
    """Return the current version of a model in the store at `url`, and the time of its signature.

    Without keys, the signature is not looked at. Raises BundleError, and TimeoutError after
    POINTER_TIMEOUT.
    """

    def ask() -> tuple[str, str | None]:
        store, version = _ask(url, name, keys)
        return version, store.verify(name, version).date if keys else None

    return await DaemonThread(THREAD).run(POINTER_TIMEOUT, ask)


def _ask(url: str, name: str, keys: Sequence[bytes]) -> tuple[RemoteStore, str]:
    store = RemoteStore(url, keys)
    return store, store.served(name)


def _show(bar: "tqdm[NoReturn]", done: int, total: int) -> None:
    bar.total = total
    bar.update(done - bar.n)
