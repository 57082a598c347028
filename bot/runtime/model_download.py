"""Downloads the model store's current bundle when the bot starts."""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Final, NoReturn, TypeVar

from tqdm import tqdm

from bot import texts
from model.errors import BundleError
from model.redaction import public_address
from model.remote import RemoteStore
from model.signature import Statement
from model.store import BundleStore
from model.store_files import Progress

POINTER_TIMEOUT: Final = 15.0
FETCH_TIMEOUT: Final = 120.0
"""Time limits in seconds for reading the store's pointer, and for fetching a bundle."""

_log = logging.getLogger(__name__)

T = TypeVar("T")


async def refresh(url: str, name: str, folder: Path, keys: Sequence[bytes] = ()) -> None:
    """Fetch the current bundle of a model into a folder, unless it is there already.

    A failure is logged; the bundles in the folder then stay as they are.

    Args:
        url: Address of the model store.
        name: The model's name.
        folder: Folder of fetched bundles.
        keys: Public keys, one of which must have signed the bundle; no signature is needed
            without them.
    """
    try:
        store, version = await _within(POINTER_TIMEOUT, partial(_ask, url, name, keys))
        if _has(BundleStore(folder, keys), name, version):
            return
        _log.info(texts.fetching_model(name, version, public_address(url)))
        with tqdm(desc=name, unit="B", unit_scale=True, disable=None, leave=False) as bar:
            fetch = partial(_fetch, store, name, version, folder, partial(_show, bar), keys=keys)
            signed = await _within(FETCH_TIMEOUT, fetch)
        _log.info(texts.model_fetched(name, version, signed.date if signed else None))
    except TimeoutError:
        _log.warning(texts.model_not_fetched(name, f"{public_address(url)} takes too long"))
    except (BundleError, OSError) as error:
        _log.warning(texts.model_not_fetched(name, error))


async def newest(url: str, name: str, keys: Sequence[bytes] = ()) -> tuple[str, str | None]:
    """Return the current version of a model in the store at `url`, and the time of its signature.

    Without keys, the signature is not looked at. Raises BundleError, and TimeoutError after
    POINTER_TIMEOUT.
    """

    def ask() -> tuple[str, str | None]:
        store, version = _ask(url, name, keys)
        return version, store.verify(name, version).date if keys else None

    return await _within(POINTER_TIMEOUT, ask)


def _ask(url: str, name: str, keys: Sequence[bytes]) -> tuple[RemoteStore, str]:
    store = RemoteStore(url, keys)
    return store, store.current(name)


def _has(local: BundleStore, name: str, version: str) -> bool:
    try:
        return local.load(name).metadata.version == version
    except BundleError:
        return False


def _fetch(
    store: RemoteStore,
    name: str,
    version: str,
    folder: Path,
    progress: Progress,
    *,
    keys: Sequence[bytes],
) -> Statement | None:
    store.fetch(name, version, folder, progress)
    local = BundleStore(folder, keys)
    local.promote(name, version)
    return local.last_signed(name)


def _show(bar: "tqdm[NoReturn]", done: int, total: int) -> None:
    bar.total = total
    bar.update(done - bar.n)


async def _within(seconds: float, work: Callable[[], T]) -> T:
    """Run `work` in its own daemon thread, with a time limit.

    The event loop waits for the threads of its pool when it closes, but not for this one.
    """
    outcome: Future[T] = Future()

    def run() -> None:
        if not outcome.set_running_or_notify_cancel():
            return
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - the caller receives it
            outcome.set_exception(error)
        else:
            outcome.set_result(result)

    threading.Thread(target=run, name="model store", daemon=True).start()
    return await asyncio.wait_for(asyncio.wrap_future(outcome), seconds)
