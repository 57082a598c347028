"""Opens the versions in the model store that the settings name, for commands."""

from collections.abc import Callable
from typing import Final, TypeVar

from bot.concurrency.daemon_thread import DaemonThread
from bot.runtime.settings import Settings
from model.event_log import Skipped
from model.redaction import public_address
from model.remote import RemoteStore, ignore
from model.signature import Signer
from model.store import BundleStore
from model.versions import Versions

READ_SECONDS: Final = 60.0
MOVE_SECONDS: Final = 300.0
"""Time limits for reading the store, and for moving a version, which checks or uploads a bundle."""

T = TypeVar("T")


def open_versions(settings: Settings, skipped: Skipped = ignore) -> Versions:
    """Open the versions in the model store; `skipped` is that of `Versions`.

    Raises StoreUnavailable or KeyUnusable if the store or the signing key cannot be opened.
    """
    key = settings.model_signing_key
    return Versions(
        RemoteStore(settings.store, settings.public_keys),
        BundleStore(settings.models_dir),
        Signer.from_file(key) if key else None,
        skipped=skipped,
    )


class AsyncVersions:
    """The versions in the model store; the store is asked in a thread, with time limits.

    Args:
        settings: The settings.
        skipped: Callback with a sentence about what in the store is skipped because it is invalid.
    """

    def __init__(self, settings: Settings, skipped: Callable[[str], object]) -> None:
        self.store = public_address(settings.store)
        self._settings = settings
        self._skipped = skipped
        self._thread = DaemonThread("model store")
        self._versions: Versions | None = None

    async def ask(self, work: Callable[[Versions], T], seconds: float = READ_SECONDS) -> T:
        """Return what `work` returns, given the versions.

        Raises what it raises, StoreUnavailable or KeyUnusable if the store or the signing key
        cannot be opened, and TimeoutError after `seconds`.
        """
        return await self._thread.run(seconds, lambda: work(self._opened()))

    def _opened(self) -> Versions:
        if self._versions is None:
            self._versions = open_versions(self._settings, self._skipped)
        return self._versions
