"""The models that can answer; they are loaded when first used and can be reloaded."""

import asyncio
import logging
from collections.abc import Callable, Sequence

from bot.concurrency.single_flight import SingleFlight
from bot.domain.ports import Classifier

CACHE_SIZE = 8
"""Loaded models besides the default one."""

_log = logging.getLogger(__name__)


class LazyModelRegistry:
    """Implements the port `ModelRegistry`.

    The default model is loaded before the first request, the others when they are first used.

    Args:
        default: The default model.
        list_names: Returns the names of the available models.
        load: Loads a model by name; raises ModelUnusable. Runs in a thread, as it takes 30 ms.
    """

    def __init__(
        self,
        default: Classifier,
        list_names: Callable[[], Sequence[str]],
        load: Callable[[str], Classifier],
    ) -> None:
        self._default = default
        self._list_names = list_names
        self._load = load
        self._names = tuple(list_names())
        self._loaded: SingleFlight[Classifier] = SingleFlight(CACHE_SIZE)

    @property
    def names(self) -> Sequence[str]:
        """Names of the available models."""
        return self._names

    async def get(self, name: str | None = None) -> Classifier:
        """Return a loaded model; the default one for None and for a name that no longer exists.

        Raises ModelUnusable.
        """
        if name is None or name == self._default.name:
            return self._default
        if name not in self._names:
            _log.warning("model %r does not exist; %s is used", name, self._default.name)
            return self._default
        return await self._loaded.get(name, lambda: asyncio.to_thread(self._load, name))

    async def reload(self) -> Classifier:
        """Load the promoted versions of all models anew and return the default one.

        Requests in progress finish with the model that they have. Raises ModelUnusable; the
        models in use then stay.
        """
        names, default = await asyncio.to_thread(self._read)
        self._names, self._default = names, default
        self._loaded = SingleFlight(CACHE_SIZE)
        _log.info("models reloaded; default: %s %s", default.name, default.version)
        return default

    def _read(self) -> tuple[tuple[str, ...], Classifier]:
        return tuple(self._list_names()), self._load(self._default.name)
