"""Our platform on the stub: a workspace with a channel and two people, the core on fakes."""

import asyncio
from types import SimpleNamespace

import pytest

from tests.platforms.slack.scene import Scene
from tests.stubs.slack.fixtures import slack_stub
from tests.stubs.slack.server import SlackStub
from tests.support.fake_app import FakeApp

__all__ = ["slack_stub"]


@pytest.fixture
def scene(slack_stub: SlackStub) -> Scene:
    """Make the scene."""
    return Scene(slack_stub, FakeApp())


@pytest.fixture
def delays(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Write down how long the next try is meant to wait, and let it go on at once."""
    slept: list[float] = []

    async def note(seconds: float) -> None:
        slept.append(seconds)
        await asyncio.sleep(0)

    for module in ("async_handler", "builtin_async_handlers"):
        monkeypatch.setattr(f"slack_sdk.http_retry.{module}.asyncio", SimpleNamespace(sleep=note))
    monkeypatch.setattr("bot.platforms.slack.posting.sleep", note)
    return slept
