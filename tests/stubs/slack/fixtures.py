"""The stub as a fixture; a conftest.py imports it."""

from collections.abc import AsyncIterator

import pytest

from bot.platforms.slack.credentials import SCOPES
from tests.stubs.slack.server import SlackStub


@pytest.fixture
async def slack_stub() -> AsyncIterator[SlackStub]:
    """Serve a Slack whose workspaces allow what the app asks for; at the end, nothing was wrong."""
    async with SlackStub(SCOPES).running() as stub:
        yield stub
    assert stub.violations == []
