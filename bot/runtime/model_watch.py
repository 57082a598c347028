"""Watches which versions of the models are to be served, and swaps them while the bot runs."""

import asyncio
import logging
import os
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from socket import gethostname
from typing import Any, Final, NamedTuple, Protocol, TypeVar
from uuid import uuid4

from bot.concurrency.background import beside
from bot.concurrency.daemon_thread import DaemonThread
from bot.domain.errors import ModelUnusable, SoundslikeError, StorageFailed, stack_of
from bot.domain.ports import Classifier
from bot.domain.served_models import ServedModel, ServedModelStore
from bot.runtime import self_test
from bot.runtime.model_source import ModelSource
from bot.runtime.settings import Settings
from bot.services.model_registry import LazyModelRegistry
from bot.services.served_models import RENEW_SECONDS
from bot.storage.stores import utc_now
from bot.texts import models as texts
from model.errors import BundleError, NoBundle, StoreUnavailable
from model.redaction import public_address

POINTER_TIMEOUT: Final = 15.0
LOAD_TIMEOUT: Final = 120.0
"""Time limits in seconds for reading pointers, and for fetching and testing a bundle."""

REFUSED_SECONDS: Final = 600.0
"""Time after which a version that was refused is tried again, if the pointer still names it."""

_log = logging.getLogger(__name__)

T = TypeVar("T")

Line = Callable[[object], str]
"""Returns a log line from a cause; there is one for each kind of work."""


class _Refused(NamedTuple):
    version: str
    until: float
    why: str


class Source(Protocol):
    """The part of `ModelSource` that is used; methods block and raise what those raise."""

    def names(self) -> Sequence[str]:
        """Return the names of the models that can be loaded."""

    def wanted(self, name: str) -> str:
        """Return the version of a model that is to be served."""

    def load(self, name: str, version: str) -> Classifier:
        """Return a version of a model that passed its test."""


class Follower(Protocol):
    """Follows what else is in the model store."""

    async def check(self, thread: DaemonThread, active: Classifier) -> None:
        """Look at the store in the thread; does not raise. `active` is the default model."""


class ModelWatch:
    """Looks at the pointers of the models in memory, and replaces those that point elsewhere.

    A new version is fetched, checked, loaded and tested in a thread; then it answers in place of
    the one before, between two requests. If anything is wrong with it, the one before stays. This
    process's version is stored, with its answer to a built-in song, for those who promote.

    Args:
        settings: The settings.
        models: The models that answer.
        served: Stores what this process serves; None stores nothing.
        source: Finds and loads the models.
        follower: Follows what else is in the store.
        monotonic: Clock in seconds.
    """

    def __init__(
        self,
        settings: Settings,
        models: LazyModelRegistry,
        served: ServedModelStore | None = None,
        *,
        source: Source | None = None,
        follower: Follower | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._seconds = settings.model_check_seconds
        self._address = public_address(settings.store)
        self._models = models
        self._served = served
        self._source: Source = source or ModelSource(settings)
        self._follower = follower
        self._monotonic = monotonic
        self._thread = DaemonThread("model watch")
        self._asked = asyncio.Event()
        self._process = f"{gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
        self._song = self_test.known_songs()[0]
        self._refused: dict[str, _Refused] = {}
        self._problems: dict[str, set[str]] = {}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Check regularly until the block ends; MODEL_CHECK_SECONDS=0 checks when asked only."""
        try:
            async with beside(self._repeat()):
                yield
        finally:
            await self._withdraw()

    def check_soon(self) -> None:
        """Check at once, and load all models anew, also those whose pointer did not change."""
        self._asked.set()

    async def check(self, *, anew: bool = False) -> None:
        """Look at the pointers of all models in memory; failures are logged, once each cause.

        Args:
            anew: Also load the versions again that are served already.
        """
        if anew:
            self._refused.clear()
            self._problems.clear()
        await self._attempt(texts.models_not_listed, self._list())
        loaded = [await self._update(model, anew=anew) for model in self._models.loaded]
        default = self._models.default
        if anew and loaded[0]:
            _log.info(texts.models_reloaded(default.name, default.version))
        if self._follower:
            await self._follower.check(self._thread, default)

    async def _list(self) -> None:
        self._models.names = await self._thread.run(POINTER_TIMEOUT, self._source.names)

    async def _repeat(self) -> None:
        checked = self._monotonic()
        await self._announce()
        while True:
            await self._wait(min(self._seconds or RENEW_SECONDS, RENEW_SECONDS))
            anew = self._asked.is_set()
            self._asked.clear()
            is_due = self._seconds and self._monotonic() - checked >= self._seconds
            if anew or is_due:
                checked = self._monotonic()
                await self.check(anew=anew)
            await self._announce()

    async def _wait(self, seconds: float) -> None:
        """Wait for a time, or until a check is asked for."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._asked.wait()

    async def _update(self, model: Classifier, *, anew: bool) -> bool:
        """Replace a model if its pointer names another version; return whether it was loaded."""
        line = partial(texts.model_not_fetched, model.name)
        found = await self._attempt(line, self._look(model, anew=anew))
        if found is None:
            return False
        self._models.swap(found)
        if found.version != model.version:
            if not anew:  # then one line follows for all
                _log.info(texts.model_swapped(found.name, model.version, found.version))
            await self._announce()
        return True

    async def _look(self, model: Classifier, *, anew: bool) -> Classifier | None:
        """Return the version that is to be served, loaded and tested; None if it is served.

        One that was refused a short time ago is refused again without a look at it.
        """
        name = model.name
        version = await self._thread.run(POINTER_TIMEOUT, partial(self._source.wanted, name))
        if version == model.version and not anew:
            return None
        refused = self._refused.get(name)
        if refused and refused.version == version and self._monotonic() < refused.until:
            raise ModelUnusable(refused.why)
        load = partial(self._source.load, name, version)
        try:
            return await self._thread.run(LOAD_TIMEOUT, load)
        except (StoreUnavailable, NoBundle):  # it may be there at the next check
            raise
        except (BundleError, ModelUnusable) as error:
            self._refused[name] = _Refused(version, self._monotonic() + REFUSED_SECONDS, str(error))
            raise

    async def _announce(self) -> None:
        """Store what this process serves."""
        if self._served is not None:
            await self._attempt(texts.process_not_listed, self._put(self._served))

    async def _put(self, served: ServedModelStore) -> None:
        model = await self._models.get()
        answer = self_test.answer(model, self._song)
        await served.put(ServedModel(self._process, model.name, model.version, answer, utc_now()))

    async def _withdraw(self) -> None:
        if self._served is not None:
            with suppress(StorageFailed):  # the row ends by its age
                await self._served.remove(self._process)

    async def _attempt(self, line: Line, work: Coroutine[Any, Any, T]) -> T | None:
        """Return what `work` returns; None if it fails, with a log line for each new cause.

        A cause is new until the same work succeeds.
        """
        try:
            result = await work
        except TimeoutError:
            why = line(texts.too_slow(self._address))
        except (BundleError, SoundslikeError, OSError) as error:
            why = line(error)
        except Exception as error:  # noqa: BLE001 - no check would follow
            why = line(stack_of(error))
        else:
            self._problems.pop(line(""), None)
            return result
        known = self._problems.setdefault(line(""), set())
        if why not in known:
            known.add(why)
            _log.warning("%s", why)
        return None
