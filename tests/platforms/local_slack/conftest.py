"""local-slack, the real slack_bolt and slack_sdk, and the core on fakes or the real one."""

from collections.abc import AsyncIterator

import pytest

from tests.stubs.local_slack import bot_runner
from tests.stubs.local_slack.server import LocalSlack, local_slack
from tests.stubs.local_slack.workspace import Workspace, workspace
from tests.support.fake_app import FakeApp


@pytest.fixture(params=["socket", "http"])
async def slack(request: pytest.FixtureRequest) -> AsyncIterator[LocalSlack]:
    """Run local-slack, which speaks to the bot in one way or the other."""
    async with local_slack(by_socket=request.param == "socket") as running:
        yield running


@pytest.fixture
async def people(slack: LocalSlack) -> AsyncIterator[Workspace]:
    """Look at the workspace, and act in it."""
    async with workspace(slack) as seen:
        yield seen


@pytest.fixture
def app() -> FakeApp:
    """Make the core on fakes."""
    return FakeApp()


@pytest.fixture
async def chat(slack: LocalSlack, people: Workspace, app: FakeApp) -> AsyncIterator[Workspace]:
    """Act in a workspace that the bot is in."""
    async with bot_runner.bot(slack, app.services):
        yield people
