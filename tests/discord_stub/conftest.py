"""The stub for its own tests, with a person and a channel on it."""

import pytest

from tests.discord_stub.fixtures import discord_stub
from tests.discord_stub.server import DiscordStub
from tests.discord_stub.values import Channel, User

__all__ = ["discord_stub"]


@pytest.fixture
def ada(discord_stub: DiscordStub) -> User:
    return discord_stub.people.user("ada")


@pytest.fixture
def music(discord_stub: DiscordStub, ada: User) -> Channel:
    return discord_stub.people.channel(discord_stub.people.guild("Guild", ada), "music")
