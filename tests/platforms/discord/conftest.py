"""The real discord.py on simcord; after each test, no request may break Discord's rules."""

from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path

import pytest
from simcord import Env

from tests.platforms.discord.chat import Chat, client, violations
from tests.stubs.discord.spec import Spec
from tests.support.fake_app import FakeApp

spec = cache(Spec)  # reading the document takes a while


@pytest.fixture
def app() -> FakeApp:
    """Make the core on fakes."""
    return FakeApp()


@pytest.fixture
async def chat(app: FakeApp, specs: Path) -> AsyncIterator[Chat]:
    """Let the bot run in a server."""
    env = Env(client(app))
    await env.start()
    try:
        yield Chat(env, app)
    finally:
        await env.shutdown()
    env._raise_errors_since(env._errors_acknowledged)
    assert violations(env, spec(specs / "discord-openapi.json")) == []
