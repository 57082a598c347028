"""Fixtures for the tests of the stub: a user and a channel."""

import pytest

from tests.stubs.discord.fixtures import discord_stub, recorded_sleeps
from tests.stubs.discord.objects import Channel, User
from tests.stubs.discord.server import DiscordStub

__all__ = ["discord_stub", "recorded_sleeps"]


@pytest.fixture
def ada(discord_stub: DiscordStub) -> User:
    return discord_stub.actions.user("ada")


@pytest.fixture
def music(discord_stub: DiscordStub, ada: User) -> Channel:
    return discord_stub.actions.channel(discord_stub.actions.guild("Guild", ada), "music")
