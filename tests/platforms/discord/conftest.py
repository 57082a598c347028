"""Fixtures with discord.py on simcord; requests are validated after each test."""

from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path

import pytest
from simcord import Env

from bot.services import failures
from tests.platforms.discord.chat import Chat, client, violations
from tests.stubs.discord.spec import Spec
from tests.support.fake_app import FakeApp
from tests.support.simulated_cdn import simulated_cdn

spec = cache(Spec)  # reading the document is slow


@pytest.fixture
def app() -> FakeApp:
    """Return services on fake ports."""
    return FakeApp()


@pytest.fixture
async def chat(app: FakeApp, specs: Path) -> AsyncIterator[Chat]:
    """Run the bot in a server."""
    with simulated_cdn():
        env = Env(client(app))
        await env.start()
        try:
            yield Chat(env, app)
        finally:
            await env.shutdown()
    env._raise_errors_since(env._errors_acknowledged)
    assert violations(env, spec(specs / "discord-openapi.json")) == []


@pytest.fixture
def late_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write to the database again after the longest delay; simcord waits for shorter ones."""
    monkeypatch.setattr(failures, "FIRST_RETRY", failures.LAST_RETRY)
