"""What the gate found on versions of the model store."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar

from bot.runtime.settings import Settings
from bot.texts import retraining as words
from model.errors import ModelError
from model.gate_report import GateReport

if TYPE_CHECKING:
    from bot.runtime.model_versions import AsyncVersions
    from model.versions import Versions

TIMEOUT: Final = 30.0
"""Seconds for an answer of the store."""

T = TypeVar("T")

_log = logging.getLogger(__name__)


class StoredModels:
    """Implements the port `GateReports`; what cannot be read is not known, and logged."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._versions: AsyncVersions | None = None

    async def of(self, model: str, version: str) -> GateReport | None:
        """Return the report on a version; None if there is none or it cannot be read."""
        return await self._ask(lambda versions: versions.report(model, version))

    async def _ask(self, question: Callable[["Versions"], T | None]) -> T | None:
        # fsspec takes 0.4 s to import.
        from bot.runtime.model_versions import AsyncVersions
        from model.remote import ignore

        versions = self._versions or AsyncVersions(self._settings, ignore)
        # It remembers events; after a failure another one is opened, as this one may be outdated,
        # and its thread may wait.
        self._versions = None
        try:
            answer = await versions.ask(question, TIMEOUT)
        except (ModelError, OSError, TimeoutError) as error:
            _log.warning("%s", words.store_unreadable(error))
            return None
        self._versions = versions
        return answer
