"""The bot as a process, used with a real browser."""

import os
import signal
import socket
import sys
from asyncio import create_subprocess_exec, subprocess, timeout
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Page, expect

from bot.domain.pictures import SHARE_PIXELS
from tests.browser.conftest import NewContext
from tests.conftest import ROOT
from tests.support import sounds
from tests.support.bot_process import SOURCES, UNREACHABLE
from tests.support.factories import HEROES, OLD_TOWN_ROAD

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

IN_THE_END = "60a0Rd6pjrkxjPbaKzXjfq"
START_LIMIT = 30

Bot = Callable[[], AbstractAsyncContextManager[str]]


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    """Return a function that runs the bot, always on the same data folder and port.

    It yields the address.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    environment = os.environ | {
        "DATA_DIR": str(tmp_path), "WEB_PORT": port, "PYTHONPATH": str(ROOT),
        **dict.fromkeys(SOURCES, UNREACHABLE),
    }  # fmt: skip

    @asynccontextmanager
    async def running() -> AsyncIterator[str]:
        process = await create_subprocess_exec(
            sys.executable, "-m", "bot", "run", "--platform", "web",
            cwd=tmp_path, env=environment, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert process.stdout is not None
        async with timeout(START_LIMIT):
            line = (await process.stdout.readline()).decode()
        try:
            yield line.split()[-1]
        finally:
            process.send_signal(signal.SIGTERM)
            await process.communicate()

    return running


async def say(page: Page, text: str) -> None:
    await page.get_by_role("textbox", name="Message").fill(text)
    await page.keyboard.press("Enter")


async def test_cards_and_votes_survive_a_restart(bot: Bot, new_context: NewContext) -> None:
    page = await (await new_context()).new_page()
    async with bot() as address:
        await page.goto(address)
        links = (
            f"https://open.spotify.com/track/{OLD_TOWN_ROAD}?si=1",
            f"https://open.spotify.com/intl-de/track/{HEROES}",
            f"spotify:track:{IN_THE_END}",
        )
        await say(page, " ".join(links))
        await expect(page.get_by_role("article")).to_have_count(3)
        for title in ("Old Town Road", "Heroes", "In the End"):
            chart = page.get_by_role("article", name=title).get_by_role("img", name=title)
            await chart.scroll_into_view_if_needed()
            await expect(chart).to_be_visible()
            assert await chart.evaluate("image => image.decode().then(() => image.naturalWidth)")
        road = page.get_by_role("article", name="Old Town Road")
        await road.get_by_role("combobox").select_option("classical")
        await expect(road).to_contain_text("classical. Thank you!")
        async with page.expect_download() as saved:
            await road.get_by_role("link", name="Save card", exact=True).click()
        with Image.open(await (await saved.value).path()) as picture:
            assert (picture.format, *picture.size) == ("PNG", SHARE_PIXELS, SHARE_PIXELS)
    async with bot():
        await page.reload()
        road = page.get_by_role("article", name="Old Town Road")
        await expect(road.get_by_role("combobox")).to_have_value("classical")
        await expect(page.get_by_role("article")).to_have_count(3)
        await say(page, "/genre jolene - dolly parton")
        await expect(page.get_by_role("article", name="Jolene")).to_be_visible()
        await say(page, f"https://open.spotify.com/track/{'7' * 22}")
        await expect(page.get_by_text("I can't reach the music services")).to_be_visible()
        await page.get_by_role("link", name="Respect").click()
        await expect(page.get_by_role("article", name="Respect")).to_be_visible()
        await say(page, f"https://open.spotify.com/album/{OLD_TOWN_ROAD}")
        await expect(page.get_by_text("The music services don't answer")).to_be_visible()


async def test_sound_file_is_heard_without_a_network_and_remembered(
    bot: Bot, new_context: NewContext, tmp_path: Path
) -> None:
    song = sounds.write(tmp_path / "A home-made song.flac", 12)
    page = await (await new_context()).new_page()
    async with bot() as address:
        await page.goto(address)
        await page.locator("#files").set_input_files(song)
        card = page.get_by_role("article", name=song.stem)
        await expect(card).to_be_visible(timeout=START_LIMIT * 1000)
        await expect(card.get_by_text("Heard:")).to_be_visible()
        await expect(card.locator(".chart.drawn")).to_have_count(1)
        await card.get_by_role("combobox").select_option("latin")
        await expect(card).to_contain_text("latin. Thank you!")
    async with bot():
        await page.reload()
        await expect(card.get_by_role("combobox")).to_have_value("latin")
        await expect(page.get_by_text(song.name)).to_be_visible()
