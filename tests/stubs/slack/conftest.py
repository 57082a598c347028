"""Fixtures for the stub's own tests: a workspace, a channel, a user and slack_sdk's client."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.stubs.slack.fixtures import slack_stub
from tests.stubs.slack.objects import Channel, User, Workspace
from tests.stubs.slack.server import SlackStub

__all__ = ["slack_stub"]


@pytest.fixture
def team(slack_stub: SlackStub) -> Workspace:
    return slack_stub.state.workspace()


@pytest.fixture
def music(slack_stub: SlackStub, team: Workspace) -> Channel:
    return slack_stub.actions.channel(team)


@pytest.fixture
def ada(slack_stub: SlackStub) -> User:
    return slack_stub.actions.user("ada")


@pytest.fixture
def client(slack_stub: SlackStub, team: Workspace) -> AsyncWebClient:
    return AsyncWebClient(team.token, base_url=slack_stub.api)
