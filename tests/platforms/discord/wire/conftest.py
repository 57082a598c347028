"""Fixtures that run the platform against the stub, with the services on fake ports."""

from typing import Any

import discord
import pytest

from bot.platforms.discord.progress import Timing
from tests.platforms.discord.wire.running import Wire
from tests.stubs.discord.fixtures import discord_stub, recorded_sleeps
from tests.stubs.discord.server import DiscordStub
from tests.support.fake_app import FakeApp
from tests.support.killed_process import KilledProcess

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


@pytest.fixture
def killed(wire: Wire) -> KilledProcess:
    return KilledProcess(wire.app)


@pytest.fixture
def short_delays(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """Display progress at once, and let `until` look again after a message is recorded."""
    wire.progress_timing = Timing(0.01, 0.01, 0.01)
    remember = wire.app.messages.remember

    async def remember_and_notify(*arguments: Any, **options: Any) -> None:
        await remember(*arguments, **options)
        wire.stub.changes.notify()

    monkeypatch.setattr(wire.app.messages, "remember", remember_and_notify)
