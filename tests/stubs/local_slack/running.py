"""Runs the bot against the stand-in."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.platforms.slack.platform import SlackPlatform
from bot.services.services import Services
from tests.stubs.local_slack.stand_in import StandIn


@asynccontextmanager
async def bot(slack: StandIn, handlers: Services) -> AsyncIterator[None]:
    """Run the bot, as `bot run` does, until the block ends; then what it had begun is done."""
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
        running = group.create_task(platform.run(handlers, lines.put))
        if found := re.search(r"http://[^/]+", await lines.get()):
            slack.bot_is_at(found[0])
        try:
            yield
        finally:
            running.cancel()
