"""`make picture`: screenshots of a card after a vote in simcord's preview, for docs/discord.md.

python -m tests.browser.discord_picture FOLDER

The preview renders the same message components as Discord's apps, with a different style.
"""

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

import simcord
from playwright.async_api import async_playwright

from bot.platforms.discord.events import Client
from bot.runtime import composition
from bot.runtime.settings import Settings
from tests.browser.conftest import ARGUMENTS
from tests.browser.pictures import take_picture
from tests.support.factories import OLD_TOWN_ROAD

WIDTHS = {"discord-card.png": 1000, "discord-card-phone.png": 360}
"""Width of the page in CSS pixels, by file name."""

HEIGHT = 1100
NEVER = 86_400.0
"""Seconds."""


async def main(folder: Path) -> None:
    """Paste a link, vote, and make screenshots of the card for a desktop and a phone."""
    with tempfile.TemporaryDirectory() as data:
        async with composition.open_services(Settings(data_dir=Path(data))) as opened:
            opened.services.inbox.poll_interval = NEVER  # else simulated time never comes to rest
            client = Client(opened.services, refresh_delay=0, save_interval=NEVER)
            async with simcord.run(client, shard_count=1) as env:
                await make_screenshots(env, folder)


async def make_screenshots(env: simcord.Env, folder: Path) -> None:
    """Make the screenshots."""
    guild = env.create_guild()
    channel = guild.create_text_channel("music")
    ann = guild.add_member(env.create_user("Ann"))
    await ann.send(channel, f"https://open.spotify.com/track/{OLD_TOWN_ROAD}")
    assert channel.last_message is not None
    await ann.react(channel.last_message, "\N{FACE WITH COWBOY HAT}")
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("chromium is not installed: make system")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        async with env.preview(channel, viewers=[ann], width=600, height=900) as preview:
            for name, width in WIDTHS.items():
                page = await browser.new_page(
                    viewport={"width": width, "height": HEIGHT}, device_scale_factor=2
                )
                await page.goto(preview.url)
                await page.wait_for_load_state("networkidle")
                await take_picture(page.locator(".message-surface"), folder / name)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
