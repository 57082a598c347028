"""The registry loads models when they are first used, and reloads them while it is in use."""

import asyncio

import pytest

from bot.domain.errors import ModelUnusable
from bot.domain.ports import Classifier
from bot.services.model_registry import CACHE_SIZE, LazyModelRegistry
from tests.support.fakes import FakeClassifier

DEFAULT = FakeClassifier("wide")


class Loader:
    """Loads fakes and records their names; fails the first `failures` times."""

    def __init__(self, failures: int = 0) -> None:
        self.names = ["study", "wide"]
        self.loaded: list[str] = []
        self.failures = failures

    def __call__(self, name: str) -> Classifier:
        self.loaded.append(name)
        if len(self.loaded) <= self.failures:
            raise ModelUnusable("broken")
        return FakeClassifier(name)


def registry(load: Loader, default: FakeClassifier = DEFAULT) -> LazyModelRegistry:
    return LazyModelRegistry(default, lambda: load.names, load)


@pytest.mark.parametrize("name", [None, "wide"])
async def test_the_default_model_is_available_without_loading(name: str | None) -> None:
    loader = Loader()
    assert await registry(loader).get(name) is DEFAULT
    assert loader.loaded == []


async def test_concurrent_requests_load_another_model_once() -> None:
    loader = Loader()
    models = registry(loader)
    first, second = await asyncio.gather(models.get("study"), models.get("study"))
    assert first is second is await models.get("study")
    assert first.name == "study"
    assert loader.loaded == ["study"]


async def test_an_unknown_model_is_replaced_by_the_default_one(
    caplog: pytest.LogCaptureFixture,
) -> None:
    loader = Loader()
    assert await registry(loader).get("../secrets") is DEFAULT
    assert loader.loaded == []
    assert "secrets" in caplog.text


async def test_loading_is_retried_after_a_failure() -> None:
    models = registry(Loader(failures=1))
    with pytest.raises(ModelUnusable):
        await models.get("study")
    assert (await models.get("study")).name == "study"


async def test_swapped_models_answer_instead_of_those_before() -> None:
    loader = Loader()
    models = registry(loader)
    study = await models.get("study")
    assert models.loaded == (DEFAULT, study)
    newer = [FakeClassifier("wide"), FakeClassifier("study")]
    for model in newer:
        models.swap(model)
    assert await models.get() is await models.get("wide") is models.default is newer[0]
    assert await models.get("study") is newer[1]
    assert loader.loaded == ["study"]


async def test_new_names_can_be_asked_for_and_old_ones_no_more() -> None:
    loader = Loader()
    models = registry(loader)
    await models.get("study")
    models.names = ["new", "wide"]
    assert (await models.get("new")).name == "new"
    assert await models.get("study") is DEFAULT
    assert [one.name for one in models.loaded] == ["wide", "new"]


async def test_models_in_memory_are_limited() -> None:
    loader = Loader()
    models = registry(loader)
    models.names = [f"model{number}" for number in range(CACHE_SIZE + 1)]
    for name in models.names:
        await models.get(name)
    assert [one.name for one in models.loaded] == ["wide", *models.names[1:]]
