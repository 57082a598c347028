"""Runs the bot against local-slack."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.platforms.slack.platform import SlackPlatform
from bot.services.services import Services
from tests.stubs.local_slack.server import LocalSlack


@asynccontextmanager
async def bot(slack: LocalSlack, services: Services) -> AsyncIterator[None]:
    """Run the bot until the end of the block; then wait for events in progress."""
    lines: asyncio.Queue[str] = asyncio.Queue()

    platform = SlackPlatform(
        slack.credentials,
        host="127.0.0.1",
        port=0,
        refresh_delay=0,
        first_delay=0.01,
        ping_interval=0.5,
    )
    async with asyncio.TaskGroup() as group:
        running = group.create_task(platform.run(services, lines.put))
        if address := re.search(r"http://[^/]+", await lines.get()):
            slack.set_bot_url(address[0])
        try:
            yield
        finally:
            running.cancel()
