"""The models that channels may choose between: the one that is set, and others when asked for."""

import asyncio
from collections.abc import Callable, Sequence

from bot.errors import ModelUnusable
from bot.ports import Classifier
from bot.shared import Shared


class LazyModels:
    """The port `Models`: the model that is set is ready from the start, others load once asked for.

    `load` reads a model, which takes some 30 ms, so it runs on a thread; it raises ModelUnusable.
    """

    def __init__(
        self, chosen: Classifier, names: Sequence[str], load: Callable[[str], Classifier]
    ) -> None:
        self.names = names
        self._chosen = chosen
        self._load = load
        self._loaded: Shared[Classifier] = Shared(len(names))

    async def get(self, name: str | None = None) -> Classifier:
        """Return a model, ready; the one that is set for None. Raises ModelUnusable."""
        if name is None or name == self._chosen.name:
            return self._chosen
        if name not in self.names:
            raise ModelUnusable(f"there is no model {name!r}")
        return await self._loaded.get(name, lambda: asyncio.to_thread(self._load, name))
