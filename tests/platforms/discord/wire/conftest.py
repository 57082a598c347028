"""Fixtures that run the platform against the stub, with the services on fake ports."""

from typing import Any

import discord
import pytest

from tests.platforms.discord.wire.running import Wire
from tests.stubs.discord.fixtures import discord_stub, recorded_sleeps
from tests.stubs.discord.server import DiscordStub
from tests.support.fake_app import FakeApp

__all__ = ["discord_stub", "recorded_sleeps"]


@pytest.fixture
def wire(discord_stub: DiscordStub, monkeypatch: pytest.MonkeyPatch) -> Wire:
    """Return a server with the bot; discord.py starts sessions without its usual delay."""
    wire = Wire(discord_stub, FakeApp())
    get_state = discord.AutoShardedClient._get_state

    def get_state_with_options(client: discord.AutoShardedClient, **options: Any) -> Any:
        return get_state(client, **options | wire.options)

    async def skip_delay(*_: object, **__: object) -> None:
        pass

    monkeypatch.setattr(discord.AutoShardedClient, "_get_state", get_state_with_options)
    monkeypatch.setattr(discord.Client, "before_identify_hook", skip_delay)
    return wire
