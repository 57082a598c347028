"""`make picture`: screenshots of a card after votes in simcord's preview, for docs/discord.md.

python -m tests.browser.discord_picture FOLDER

The preview renders the same message components as Discord's apps, with a different style.
"""

import asyncio
import shutil
import sys
from pathlib import Path

import discord
import simcord
from playwright.async_api import async_playwright
from simcord.backend.cdn import CDN_BASE

from bot.platforms.discord.events import Client
from tests.browser.conftest import ARGUMENTS
from tests.browser.pictures import take_picture
from tests.pictures import made

WIDTHS = {"discord-card.png": 1000, "discord-card-phone.png": 360}
"""Width of the page in CSS pixels, by file name."""

HEIGHT = 1300
NEVER = 86_400.0
"""Seconds."""

AVATAR = "0" * 32
"""Stands for the hash of an avatar."""

BESIDE = ".component-section { grid-template-columns: minmax(0, 1fr) auto !important }"
"""The preview has covers below the text on narrow pages; Discord's apps have them beside it."""


async def main(folder: Path) -> None:
    """Paste a link, vote, and make screenshots of the card for a desktop and a phone."""
    async with made.open_services() as services:
        services.inbox.poll_interval = NEVER  # else simulated time never comes to rest
        client = Client(services, refresh_delay=0, save_interval=NEVER)
        async with simcord.run(client, shard_count=1) as env:
            await make_screenshots(env, folder)


async def make_screenshots(env: simcord.Env, folder: Path) -> None:
    """Make the screenshots."""
    bot = env.backend.bot_user
    bot.name, bot.avatar = made.NAME, AVATAR
    guild = env.create_guild()
    channel = guild.create_text_channel("music")
    ann = guild.add_member(env.create_user("Ann", avatar=AVATAR))
    await ann.send(channel, made.LINK)
    message = channel.last_message
    assert message is not None
    await vote(env, guild, message)
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("chromium is not installed: make system")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        async with env.preview(
            channel, viewers=[ann], width=600, height=900, assets=assets(bot.id, ann.id)
        ) as preview:
            for name, width in WIDTHS.items():
                page = await browser.new_page(
                    viewport={"width": width, "height": HEIGHT},
                    device_scale_factor=2,
                    bypass_csp=True,
                )
                await page.goto(preview.url)
                await page.add_style_tag(content=BESIDE)
                await page.wait_for_load_state("networkidle")
                await take_picture(page.locator(".message-surface"), folder / name)
        await browser.close()


async def vote(env: simcord.Env, guild: simcord.GuildHandle, message: discord.Message) -> None:
    """Let people vote by the menu under a card."""
    for genre, count in made.VOTES.items():
        for number in range(count):
            person = guild.add_member(env.create_user(f"{genre} {number}"))
            await person.select(message, [genre])


def assets(bot: int, person: int) -> dict[str, tuple[str, bytes]]:
    """Return the pictures that the preview cannot fetch, by address: avatars and the cover."""
    pictures = {
        f"{CDN_BASE}/avatars/{bot}/{AVATAR}.png": made.avatar(),
        f"{CDN_BASE}/avatars/{person}/{AVATAR}.png": made.person(),
        made.COVER_ADDRESS: made.cover(),
    }
    return {address: ("picture.png", picture) for address, picture in pictures.items()}


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
