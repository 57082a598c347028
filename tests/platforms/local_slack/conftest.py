"""local-slack, the real slack_bolt and slack_sdk, and the core on fakes or the real one."""

from collections.abc import AsyncIterator

import pytest

from tests.stubs.local_slack import running
from tests.stubs.local_slack.stand_in import StandIn, stand_in
from tests.stubs.local_slack.workspace import Workspace, workspace
from tests.support.fake_app import FakeApp


@pytest.fixture(params=["socket", "http"])
async def slack(request: pytest.FixtureRequest) -> AsyncIterator[StandIn]:
    """Run local-slack, which speaks to the bot in one way or the other."""
    async with stand_in(by_socket=request.param == "socket") as running:
        yield running


@pytest.fixture
async def people(slack: StandIn) -> AsyncIterator[Workspace]:
    """Look at the workspace, and act in it."""
    async with workspace(slack) as seen:
        yield seen


@pytest.fixture
def app() -> FakeApp:
    """Make the core on fakes."""
    return FakeApp()


@pytest.fixture
async def chat(slack: StandIn, people: Workspace, app: FakeApp) -> AsyncIterator[Workspace]:
    """Act in a workspace that the bot is in."""
    async with running.bot(slack, app.services):
        yield people
