"""Our platform on the stub's socket: a server with a channel and two people, the core on fakes."""

import asyncio
from typing import Any

import discord
import pytest

from tests.platforms.discord.wire.running import Wire
from tests.stubs.discord.fixtures import discord_stub
from tests.stubs.discord.server import DiscordStub
from tests.support.fake_app import FakeApp

__all__ = ["discord_stub"]


@pytest.fixture
def wire(discord_stub: DiscordStub, monkeypatch: pytest.MonkeyPatch) -> Wire:
    """Make the scene, with a discord.py that does not wait for seconds between its sessions."""
    wire = Wire(discord_stub, FakeApp())
    state = discord.AutoShardedClient._get_state

    def hasty(client: discord.AutoShardedClient, **options: Any) -> Any:
        return state(client, **options | wire.options)

    async def at_once(*_: object, **__: object) -> None:
        pass

    monkeypatch.setattr(discord.AutoShardedClient, "_get_state", hasty)
    monkeypatch.setattr(discord.Client, "before_identify_hook", at_once)
    return wire


@pytest.fixture
def no_patience(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Write down how long discord.py means to sleep, and let it go on at once."""
    slept: list[float] = []
    sleep = asyncio.sleep

    async def note(seconds: float, *_: object) -> None:
        slept.extend([seconds] if seconds else [])
        await sleep(0)

    monkeypatch.setattr("discord.http.asyncio.sleep", note)
    return slept
