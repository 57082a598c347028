"""The stub as a fixture, for conftest.py files to import."""

from collections.abc import AsyncIterator

import pytest

from bot.platforms.slack.credentials import SCOPES
from tests.stubs.slack.server import SlackStub


@pytest.fixture
async def slack_stub() -> AsyncIterator[SlackStub]:
    """Run a fake Slack that grants the app's scopes; check at the end that no rule was violated."""
    async with SlackStub(SCOPES).running() as stub:
        yield stub
    assert stub.violations == []
