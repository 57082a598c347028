"""The stub for its own tests, with a workspace, a channel, a person and a client of Slack's own."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.stubs.slack.fixtures import slack_stub
from tests.stubs.slack.server import SlackStub
from tests.stubs.slack.values import Channel, User, Workspace

__all__ = ["slack_stub"]


@pytest.fixture
def team(slack_stub: SlackStub) -> Workspace:
    return slack_stub.state.workspace()


@pytest.fixture
def music(slack_stub: SlackStub, team: Workspace) -> Channel:
    return slack_stub.people.channel(team)


@pytest.fixture
def ada(slack_stub: SlackStub) -> User:
    return slack_stub.people.user("ada")


@pytest.fixture
def client(slack_stub: SlackStub, team: Workspace) -> AsyncWebClient:
    return AsyncWebClient(team.token, base_url=slack_stub.api)
