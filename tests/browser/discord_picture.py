"""`make picture`: screenshots of a card after votes in simcord's preview, for docs/discord.md.

python -m tests.browser.discord_picture FOLDER

The preview renders the same message components as Discord's apps, with a different style. The
song's cover is drawn here.
"""

import asyncio
import io
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import discord
import simcord
from PIL import Image, ImageDraw
from playwright.async_api import async_playwright

from bot.domain.cards import Card, Theme
from bot.domain.places import Place
from bot.platforms.discord import present
from bot.platforms.discord.events import Client
from bot.runtime import composition
from bot.runtime.settings import Settings
from bot.services.services import Services
from tests.browser.conftest import ARGUMENTS
from tests.browser.pictures import take_picture
from tests.support.factories import OLD_TOWN_ROAD

WIDTHS = {"discord-card.png": 1000, "discord-card-phone.png": 360}
"""Width of the page in CSS pixels, by file name."""

HEIGHT = 1300
NEVER = 86_400.0
"""Seconds."""

VOTES = {"country": 3, "hip-hop": 2}
"""People who vote for a genre, by genre."""

BESIDE = ".component-section { grid-template-columns: minmax(0, 1fr) auto !important }"
"""The preview has covers below the text on narrow pages; Discord's apps have them beside it."""


async def main(folder: Path) -> None:
    """Paste a link, vote, and make screenshots of the card for a desktop and a phone."""
    with tempfile.TemporaryDirectory() as data:
        async with composition.open_services(Settings(data_dir=Path(data))) as opened:
            opened.services.inbox.poll_interval = NEVER  # else simulated time never comes to rest
            client = Client(opened.services, refresh_delay=0, save_interval=NEVER)
            async with simcord.run(client, shard_count=1) as env:
                await make_screenshots(env, client, opened.services, folder)


async def make_screenshots(
    env: simcord.Env, client: Client, services: Services, folder: Path
) -> None:
    """Make the screenshots."""
    env.backend.bot_user.name = "Soundslike"
    guild = env.create_guild()
    channel = guild.create_text_channel("music")
    ann = guild.add_member(env.create_user("Ann"))
    await ann.send(channel, f"https://open.spotify.com/track/{OLD_TOWN_ROAD}")
    message = channel.last_message
    assert message is not None
    await vote(env, guild, message)
    place = Place("discord", str(guild.id), str(channel.id))
    card = await services.cards.displayed_by(place, str(message.id))
    assert card is not None
    await show_cover(client, services, message, card)
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("chromium is not installed: make system")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        async with env.preview(channel, viewers=[ann], width=600, height=900) as preview:
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
    for genre, count in VOTES.items():
        for number in range(count):
            person = guild.add_member(env.create_user(f"{genre} {number}"))
            await person.select(message, [genre])


async def show_cover(
    client: Client, services: Services, message: discord.Message, card: Card
) -> None:
    """Display a card with a cover, which the offline song has not."""
    subject = replace(card.answer.subject, image="https://covers.example/1")
    covered = replace(card, answer=replace(card.answer, subject=subject))
    png = await services.cards.chart(card, Theme.DARK)
    assert png is not None
    view = present.card(covered, await services.voting.tally(card.id), chart=True)
    for part in view.walk_children():
        if isinstance(part, discord.ui.Thumbnail):  # the preview fetches nothing
            part.media = discord.UnfurledMediaItem("attachment://cover.png")
    files = [present.file(png), discord.File(io.BytesIO(cover()), "cover.png")]
    channel = client.get_partial_messageable(message.channel.id)
    await channel.get_partial_message(message.id).edit(view=view, attachments=files)


def cover() -> bytes:
    """Return the picture of an evening over a road."""
    picture = Image.new("RGB", (300, 300), "#274060")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((75, 75, 225, 225), fill="#e8b04a")
    draw.rectangle((0, 180, 300, 300), fill="#7a3b2e")
    draw.polygon(((140, 180), (160, 180), (230, 300), (70, 300)), fill="#3a3a3f")
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
