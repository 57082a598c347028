"""The core on fakes, and its room."""

import pytest

from bot.handlers import Room
from tests.world import World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def room(world: World) -> Room:
    return world.room
