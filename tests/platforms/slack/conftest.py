"""Our platform on the stub: a workspace with a channel and two people, the core on fakes."""

import asyncio
from types import SimpleNamespace

import pytest

from tests.platforms.slack.running import Wire
from tests.stubs.slack.fixtures import slack_stub
from tests.stubs.slack.server import SlackStub
from tests.support.fake_app import FakeApp

__all__ = ["slack_stub"]


@pytest.fixture
def wire(slack_stub: SlackStub) -> Wire:
    """Make the scene."""
    return Wire(slack_stub, FakeApp())


@pytest.fixture
def no_patience(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Write down how long the next try is meant to wait, and let it go on at once."""
    slept: list[float] = []

    async def note(seconds: float) -> None:
        slept.append(seconds)
        await asyncio.sleep(0)

    for module in ("async_handler", "builtin_async_handlers"):
        monkeypatch.setattr(f"slack_sdk.http_retry.{module}.asyncio", SimpleNamespace(sleep=note))
    monkeypatch.setattr("bot.platforms.slack.posting.sleep", note)
    return slept
