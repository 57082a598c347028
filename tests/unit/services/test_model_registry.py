"""The models that channels choose between."""

import asyncio

import pytest

from bot.domain.errors import ModelUnusable
from bot.domain.ports import Classifier
from bot.services.model_registry import LazyModelRegistry
from tests.support.fakes import FakeClassifier

CHOSEN = FakeClassifier("wide")


class Loader:
    """Loads fakes, counting; the first `failures` times it fails."""

    def __init__(self, failures: int = 0) -> None:
        self.loaded: list[str] = []
        self.failures = failures

    def __call__(self, name: str) -> Classifier:
        self.loaded.append(name)
        if len(self.loaded) <= self.failures:
            raise ModelUnusable("broken")
        return FakeClassifier(name)


@pytest.mark.parametrize("name", [None, "wide"])
async def test_the_chosen_model_is_there_without_loading(name: str | None) -> None:
    loader = Loader()
    assert await LazyModelRegistry(CHOSEN, ["study", "wide"], loader).get(name) is CHOSEN
    assert loader.loaded == []


async def test_another_model_is_loaded_once_however_many_ask_at_once() -> None:
    loader = Loader()
    models = LazyModelRegistry(CHOSEN, ["study", "wide"], loader)
    first, second = await asyncio.gather(models.get("study"), models.get("study"))
    assert first is second is await models.get("study")
    assert first.name == "study"
    assert loader.loaded == ["study"]


async def test_in_place_of_a_model_that_is_gone_the_chosen_one_answers(
    caplog: pytest.LogCaptureFixture,
) -> None:
    loader = Loader()
    assert await LazyModelRegistry(CHOSEN, ["study", "wide"], loader).get("../secrets") is CHOSEN
    assert loader.loaded == []
    assert "secrets" in caplog.text


async def test_a_model_that_could_not_be_loaded_is_tried_again() -> None:
    models = LazyModelRegistry(CHOSEN, ["study", "wide"], Loader(failures=1))
    with pytest.raises(ModelUnusable):
        await models.get("study")
    assert (await models.get("study")).name == "study"
