"""Fixtures: the Slack platform connected to the stub, with services on fakes."""

import asyncio
from types import SimpleNamespace

import pytest

from bot.domain.jobs import StoredJob
from bot.services.job_runner import JobRunner
from tests.platforms.slack.scene import Scene
from tests.stubs.slack.fixtures import slack_stub
from tests.stubs.slack.server import SlackStub
from tests.support.fake_app import FakeApp

__all__ = ["slack_stub"]


@pytest.fixture
def scene(slack_stub: SlackStub) -> Scene:
    """Return a workspace with a channel and two people."""
    return Scene(slack_stub, FakeApp())


@pytest.fixture
def hand_backs(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Record for how long jobs are handed back, and advance the clock instead of waiting."""
    recorded: list[float] = []
    hand_back = JobRunner.hand_back

    def record(runner: JobRunner, stored: StoredJob, seconds: float, *, counted: bool) -> None:
        recorded.append(seconds)
        scene.app.wait(seconds=seconds)
        hand_back(runner, stored, 0, counted=counted)

    monkeypatch.setattr(JobRunner, "hand_back", record)
    return recorded


@pytest.fixture
def delays(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Record the delays between attempts instead of waiting."""
    recorded: list[float] = []

    async def record(seconds: float) -> None:
        recorded.append(seconds)
        await asyncio.sleep(0)

    for module in ("async_handler", "builtin_async_handlers"):
        monkeypatch.setattr(f"slack_sdk.http_retry.{module}.asyncio", SimpleNamespace(sleep=record))
    monkeypatch.setattr("bot.platforms.slack.posting.sleep", record)
    return recorded
