"""What the gate found on versions of the model store."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar

from bot.concurrency.daemon_thread import DaemonThread
from bot.runtime.settings import Settings
from bot.texts import retraining as words
from model.errors import ModelError
from model.gate_report import GateReport
from model.store import BundleStore

if TYPE_CHECKING:
    from model.versions import Versions

TIMEOUT: Final = 30.0
"""Seconds for an answer of the store."""

T = TypeVar("T")

_log = logging.getLogger(__name__)


class StoredModels:
    """Implements the port `GateReports`; what cannot be read is not known, and logged."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def of(self, model: str, version: str) -> GateReport | None:
        """Return the report on a version; None if there is none or it cannot be read."""
        return await self._ask(lambda versions: versions.report(model, version))

    async def _ask(self, question: Callable[["Versions"], T | None]) -> T | None:
        def ask() -> T | None:
            # fsspec takes 0.4 s to import.
            from model.remote import RemoteStore
            from model.versions import Versions

            store = RemoteStore(self._settings.store, self._settings.public_keys)
            return question(Versions(store, BundleStore(self._settings.models_dir)))

        try:
            # A thread of its own: an answer that does not come must not delay the end of the bot.
            return await DaemonThread("model versions").run(TIMEOUT, ask)
        except (ModelError, OSError, TimeoutError) as error:
            _log.warning("%s", words.store_unreadable(error))
            return None
