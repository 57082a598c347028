"""Starts the bot on each platform."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import aiohttp
import pytest

from bot.platforms.web.site import Site
from tests.scenario import discord, discord_wire, slack, web
from tests.scenario.story import Start
from tests.stubs.local_slack.server import local_slack


@pytest.fixture
async def start(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Start]:
    """Return a function that starts the bot on a platform, with the same data and person."""
    match request.param:
        case "web" | "public web":
            cookies = aiohttp.CookieJar(unsafe=True)  # accepts cookies of IP addresses
            site = Site(is_public=request.param == "public web")
            yield partial(web.with_bot, tmp_path, cookies, site)
        case "discord":
            yield partial(discord.DiscordServer().with_bot, tmp_path)
        case "discord on the wire":
            yield partial(discord_wire.WireServer().with_bot, tmp_path)
        case transport:
            async with local_slack(by_socket=transport == "slack-socket") as workspace:
                yield partial(slack.with_bot, workspace, tmp_path)
