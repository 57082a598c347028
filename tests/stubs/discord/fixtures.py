"""The stub as a fixture; a conftest.py imports it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stubs.discord.discord_py import patched
from tests.stubs.discord.server import DiscordStub
from tests.stubs.discord.spec import load


@pytest.fixture
async def discord_stub(specs: Path) -> AsyncIterator[DiscordStub]:
    """Serve a Discord that this process's discord.py speaks to; at the end, nothing was wrong."""
    async with DiscordStub(load(specs / "discord-openapi.json")).running() as stub:
        with patched(stub):
            yield stub
    assert stub.violations == []
