"""The stub for its own tests, with a person and a channel on it."""

import pytest

from tests.stubs.discord.fixtures import discord_stub
from tests.stubs.discord.server import DiscordStub
from tests.stubs.discord.values import Channel, User

__all__ = ["discord_stub"]


@pytest.fixture
def ada(discord_stub: DiscordStub) -> User:
    return discord_stub.people.user("ada")


@pytest.fixture
def music(discord_stub: DiscordStub, ada: User) -> Channel:
    return discord_stub.people.channel(discord_stub.people.guild("Guild", ada), "music")
