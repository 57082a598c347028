"""Fixtures of the stub, to be imported by a conftest.py."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stubs.discord.redirect import redirected
from tests.stubs.discord.server import DiscordStub
from tests.stubs.discord.spec import load

ENDLESS = 3600
"""Seconds; a task that sleeps longer sleeps until the end of the test."""


@pytest.fixture
async def discord_stub(specs: Path) -> AsyncIterator[DiscordStub]:
    """Serve a stub that discord.py is redirected to; fail if requests violated Discord's rules."""
    async with DiscordStub(load(specs / "discord-openapi.json")).running() as stub:
        with redirected(stub):
            yield stub
    assert stub.violations == []


@pytest.fixture
def recorded_sleeps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Record the delays with which discord.py retries requests, and skip them."""
    delays: list[float] = []
    sleep = asyncio.sleep

    async def record(seconds: float, *_: object) -> None:
        delays.extend([seconds] if seconds else [])
        await sleep(seconds if seconds >= ENDLESS else 0)

    monkeypatch.setattr("discord.http.asyncio.sleep", record)
    return delays
