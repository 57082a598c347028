"""The models that channels may choose between: the one that is set, and others when asked for."""

import asyncio
import logging
from collections.abc import Callable, Sequence

from bot.concurrency.single_flight import SingleFlight
from bot.domain.ports import Classifier

_log = logging.getLogger(__name__)


class LazyModelRegistry:
    """The port `Models`: the model that is set is ready from the start, others load once asked for.

    `load` reads a model, which takes some 30 ms, so it runs on a thread; it raises ModelUnusable.
    """

    def __init__(
        self, chosen: Classifier, names: Sequence[str], load: Callable[[str], Classifier]
    ) -> None:
        self.names = names
        self._chosen = chosen
        self._load = load
        self._loaded: SingleFlight[Classifier] = SingleFlight(len(names))

    async def get(self, name: str | None = None) -> Classifier:
        """Return a model, ready; the one that is set for None, or in place of one that is gone.

        Raises ModelUnusable.
        """
        if name is None or name == self._chosen.name:
            return self._chosen
        if name not in self.names:
            _log.warning("there is no model %r any more: %s answers", name, self._chosen.name)
            return self._chosen
        return await self._loaded.get(name, lambda: asyncio.to_thread(self._load, name))
