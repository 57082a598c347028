"""The models that can answer; they are loaded when first used and can be replaced."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from functools import partial

from bot.concurrency.single_flight import SingleFlight
from bot.domain.ports import Classifier

CACHE_SIZE = 8
"""Loaded models besides the default one."""

_log = logging.getLogger(__name__)


class LazyModelRegistry:
    """Implements the port `ModelRegistry`.

    The default model is loaded before the first request, the others when they are first used.
    A request keeps the classifier that it has when the model is replaced.

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
        self._load = load
        self._names = tuple(list_names())
        self._others: dict[str, Classifier] = {}
        self._loading: SingleFlight[Classifier] = SingleFlight()

    @property
    def names(self) -> Sequence[str]:
        """Names of the available models."""
        return self._names

    @names.setter
    def names(self, names: Sequence[str]) -> None:
        self._names = tuple(names)
        self._others = {name: one for name, one in self._others.items() if name in self._names}

    @property
    def default(self) -> Classifier:
        """The default model."""
        return self._default

    @property
    def loaded(self) -> Sequence[Classifier]:
        """The models in memory, the default one first."""
        return (self._default, *self._others.values())

    async def get(self, name: str | None = None) -> Classifier:
        """Return a loaded model; the default one for None and for a name that no longer exists.

        Raises ModelUnusable.
        """
        if name is None or name == self._default.name:
            return self._default
        if name not in self._names:
            _log.warning("model %r does not exist; %s is used", name, self._default.name)
            return self._default
        if loaded := self._others.get(name):
            return loaded
        return await self._loading.get(name, partial(self._load_other, name))

    def swap(self, model: Classifier) -> None:
        """Let a loaded model answer from now on in place of the one of its name."""
        if model.name == self._default.name:
            self._default = model
        else:
            self._keep(model)

    async def _load_other(self, name: str) -> Classifier:
        model = await asyncio.to_thread(self._load, name)
        self._keep(model)
        return model

    def _keep(self, model: Classifier) -> None:
        self._others.pop(model.name, None)
        self._others[model.name] = model
        if len(self._others) > CACHE_SIZE:
            del self._others[next(iter(self._others))]
