"""Fixtures: local-slack, the bot with the real slack_bolt and slack_sdk, services on fakes."""

from collections.abc import AsyncIterator

import pytest

from tests.stubs.local_slack import bot_runner
from tests.stubs.local_slack.server import LocalSlack, local_slack
from tests.stubs.local_slack.workspace import Workspace, workspace
from tests.support.fake_app import FakeApp


@pytest.fixture(params=["socket", "http"])
async def slack(request: pytest.FixtureRequest) -> AsyncIterator[LocalSlack]:
    """Run local-slack, which sends events by Socket Mode or by HTTP."""
    async with local_slack(by_socket=request.param == "socket") as running:
        yield running


@pytest.fixture
async def people(slack: LocalSlack) -> AsyncIterator[Workspace]:
    """Connect to the workspace."""
    async with workspace(slack) as seen:
        yield seen


@pytest.fixture
def app() -> FakeApp:
    """Return services on fakes."""
    return FakeApp()


@pytest.fixture
async def chat(slack: LocalSlack, people: Workspace, app: FakeApp) -> AsyncIterator[Workspace]:
    """Connect to the workspace while the bot is running."""
    async with bot_runner.bot(slack, app.services):
        yield people
