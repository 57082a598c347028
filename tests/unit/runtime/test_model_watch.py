"""Running bots swap their models when the pointers change, and keep them on any doubt."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest

from bot.concurrency.daemon_thread import DaemonThread
from bot.domain.errors import ModelUnusable
from bot.domain.ports import Classifier
from bot.domain.served_models import ServedModel
from bot.runtime import model_watch
from bot.runtime.model_watch import Follower, ModelWatch
from bot.runtime.settings import Settings
from bot.services.model_registry import LazyModelRegistry
from model.errors import BundleInvalid, NoBundle, StoreUnavailable
from tests.support.factories import prediction
from tests.support.fake_models import FakeServedModels
from tests.support.fakes import FakeClassifier

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
FAR_OFF = datetime(3000, 1, 1, tzinfo=UTC)


class FakeSource:
    """Has pointers; `loaded` are the versions that were loaded. Errors are raised if they are set.

    Attributes:
        pointers: Version by name.
        away: Raised when a pointer is read.
        bad: Raised when a version is loaded, by version.
    """

    def __init__(self) -> None:
        self.pointers = {"study": "1", "wide": "1"}
        self.away: BaseException | None = None
        self.bad: dict[str, Exception] = {}
        self.loaded: list[tuple[str, str]] = []

    def names(self) -> Sequence[str]:
        return sorted(self.pointers)

    def wanted(self, name: str) -> str:
        if self.away:
            raise self.away
        return self.pointers[name]

    def load(self, name: str, version: str) -> Classifier:
        self.loaded.append((name, version))
        if version in self.bad:
            raise self.bad[version]
        return FakeClassifier(name, version)

    def last(self, name: str) -> Classifier:
        return FakeClassifier(name, self.pointers[name])


class Watched:
    """A watch on fakes. `time` is its clock."""

    def __init__(self, seconds: float = 30, follower: Follower | None = None) -> None:
        self.time = 0.0
        self.source = FakeSource()
        self.models = LazyModelRegistry(
            self.source.last("wide"), self.source.names, self.source.last
        )
        self.served = FakeServedModels()
        self.watch = ModelWatch(
            Settings(model_check_seconds=seconds),
            self.models,
            self.served,
            source=self.source,
            follower=follower,
            monotonic=lambda: self.time,
        )


@pytest.fixture
def watched() -> Watched:
    return Watched()


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """Return a function that reads and clears the log."""
    caplog.set_level(logging.INFO, logger="bot.runtime.model_watch")

    def read() -> list[str]:
        found = [record.getMessage() for record in caplog.records]
        caplog.clear()
        return found

    return read


Lines = Callable[[], list[str]]


async def test_new_version_answers_after_the_next_check(watched: Watched, lines: Lines) -> None:
    request = await watched.models.get()
    await watched.watch.check()
    assert watched.source.loaded == []
    watched.source.pointers["wide"] = "2"
    await watched.watch.check()
    assert (await watched.models.get()).version == "2"
    assert request.version == "1"  # a request keeps the model that it has
    await watched.watch.check()
    assert watched.source.loaded == [("wide", "2")]
    assert lines() == ["model wide 2 answers from now on, in place of 1"]


async def test_other_models_in_memory_are_replaced_too(watched: Watched) -> None:
    await watched.models.get("study")
    watched.source.pointers |= {"study": "2", "new": "1"}
    await watched.watch.check()
    assert (await watched.models.get("study")).version == "2"
    assert watched.source.loaded == [("study", "2")]  # others are loaded when they are asked for
    assert (await watched.models.get("new")).name == "new"


@pytest.mark.parametrize("error", [BundleInvalid("damaged"), ModelUnusable("it is not sane")])
async def test_refused_version_is_logged_once_and_tried_again_later(
    watched: Watched, lines: Lines, error: Exception
) -> None:
    watched.source.pointers["wide"] = "2"
    watched.source.bad["2"] = error
    for _ in range(3):
        await watched.watch.check()
    assert (await watched.models.get()).version == "1"
    assert len(watched.source.loaded) == 1
    assert lines() == [f"model wide was not updated: {error}"]
    del watched.source.bad["2"]
    watched.time = model_watch.REFUSED_SECONDS
    await watched.watch.check()
    assert (await watched.models.get()).version == "2"


async def test_after_a_refused_version_another_one_is_tried_at_once(watched: Watched) -> None:
    watched.source.pointers["wide"] = "2"
    watched.source.bad["2"] = BundleInvalid("damaged")
    await watched.watch.check()
    watched.source.pointers["wide"] = "3"
    await watched.watch.check()
    assert (await watched.models.get()).version == "3"


@pytest.mark.parametrize("error", [StoreUnavailable("cut"), NoBundle("none"), OSError("full")])
async def test_transfer_that_failed_is_repeated_at_the_next_check(
    watched: Watched, lines: Lines, error: Exception
) -> None:
    watched.source.pointers["wide"] = "2"
    watched.source.bad["2"] = error
    for _ in range(2):
        await watched.watch.check()
    assert lines() == [f"model wide was not updated: {error}"]
    del watched.source.bad["2"]
    await watched.watch.check()
    assert (await watched.models.get()).version == "2"


async def test_each_cause_is_logged_once_until_the_store_is_back(
    watched: Watched, lines: Lines
) -> None:
    for error in (StoreUnavailable("away"), TimeoutError(), StoreUnavailable("away"), KeyError()):
        watched.source.away = error
        await watched.watch.check()
    first, second, third = lines()
    assert first == "model wide was not updated: away"
    assert second.endswith("takes too long")
    assert "KeyError" in third
    watched.source.away = None
    await watched.watch.check()
    watched.source.away = StoreUnavailable("away")
    await watched.watch.check()
    assert lines() == [first]
    assert (await watched.models.get()).version == "1"


async def test_asked_for_all_models_are_loaded_anew(watched: Watched, lines: Lines) -> None:
    before, study = await watched.models.get(), await watched.models.get("study")
    watched.source.pointers["wide"] = "2"
    watched.source.bad["2"] = BundleInvalid("damaged")
    await watched.watch.check()
    del watched.source.bad["2"]  # repaired
    await watched.watch.check(anew=True)
    assert lines()[1:] == ["models reloaded; default: wide 2"]
    assert (await watched.models.get()) is not before
    assert (await watched.models.get("study")) is not study


async def test_process_says_what_it_serves(watched: Watched) -> None:
    watched.source.pointers["wide"] = "2"
    await watched.watch.check()
    (row,) = await watched.served.live(LONG_AGO, FAR_OFF)
    assert (row.model, row.version) == ("wide", "2")
    assert row.answer == prediction("country").genres


async def test_database_that_is_away_is_logged_once_and_the_model_is_swapped(
    watched: Watched, lines: Lines
) -> None:
    watched.served.broken = True
    for version in "23":
        watched.source.pointers["wide"] = version
        await watched.watch.check()
    assert (await watched.models.get()).version == "3"
    assert [line for line in lines() if "broken" in line] == [
        "the version that this process serves was not stored: the database is broken"
    ]


class NotifyingStore(FakeServedModels):
    """Sets `changed` when a row is stored."""

    def __init__(self) -> None:
        super().__init__()
        self.changed = asyncio.Event()

    async def put(self, served: ServedModel) -> None:
        await super().put(served)
        self.changed.set()

    async def next(self) -> ServedModel:
        async with asyncio.timeout(10):
            await self.changed.wait()
        self.changed.clear()
        return self.puts[-1]


async def test_row_is_stored_while_the_bot_runs_and_removed_at_its_end() -> None:
    store = NotifyingStore()
    watched = Watched(seconds=0)
    watch = ModelWatch(
        Settings(model_check_seconds=0), watched.models, store, source=watched.source
    )
    async with watch.running():
        assert (await store.next()).version == "1"
        watched.source.pointers["wide"] = "2"
        watch.check_soon()
        assert (await store.next()).version == "2"
        assert len(await store.live(LONG_AGO, FAR_OFF)) == 1
    assert await store.live(LONG_AGO, FAR_OFF) == []


async def test_running_bot_checks_by_itself() -> None:
    store = NotifyingStore()
    watched = Watched()
    settings = Settings(model_check_seconds=0.001)
    watch = ModelWatch(settings, watched.models, store, source=watched.source)
    async with watch.running():
        watched.source.pointers["wide"] = "2"
        while (await store.next()).version != "2":
            continue
    assert (await watched.models.get()).version == "2"


class RecordingFollower:
    """Records the active models that it was called with."""

    def __init__(self) -> None:
        self.active: list[str] = []

    async def check(self, thread: DaemonThread, active: Classifier) -> None:
        del thread
        self.active.append(active.version)


async def test_candidates_are_followed_after_the_pointers() -> None:
    follower = RecordingFollower()
    watched = Watched(follower=follower)
    watched.source.pointers["wide"] = "2"
    await watched.watch.check()
    assert follower.active == ["2"]


async def test_no_request_waits_or_fails_while_models_are_swapped(watched: Watched) -> None:
    seen: list[str] = []
    done = False

    async def ask() -> None:
        while not done:
            seen.append((await watched.models.get()).version)
            await asyncio.sleep(0)

    asking = asyncio.create_task(ask())
    for version in range(2, 12):
        watched.source.pointers["wide"] = str(version)
        await watched.watch.check()
    done = True
    await asking
    assert sorted(seen, key=int) == seen  # one after another, none returns
    assert {"2", "11"} <= set(seen) | {(await watched.models.get()).version}
