"""The real discord.py on simcord; after each test, no request may break Discord's rules."""

from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path

import pytest
from simcord import Env

from tests.discord_bot.chat import Chat, client, violations
from tests.discord_stub.spec import Spec
from tests.world import World

spec = cache(Spec)  # reading the document takes a while


@pytest.fixture
def world() -> World:
    """Make the core on fakes."""
    return World()


@pytest.fixture
async def chat(world: World, specs: Path) -> AsyncIterator[Chat]:
    """Let the bot run in a server."""
    env = Env(client(world))
    await env.start()
    try:
        yield Chat(env, world)
    finally:
        await env.shutdown()
    env._raise_errors_since(env._errors_acknowledged)
    assert violations(env, spec(specs / "discord-openapi.json")) == []
