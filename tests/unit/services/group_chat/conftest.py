"""The core on fakes, and its room."""

import pytest

from bot.services.handlers import Room
from tests.support.fake_app import FakeApp


@pytest.fixture
def world() -> FakeApp:
    return FakeApp()


@pytest.fixture
def room(world: FakeApp) -> Room:
    return world.room
