"""`make picture`: the README's screenshots of a card, dark and light, and of "What if" and Compare.

python -m tests.browser.picture FOLDER
"""

import asyncio
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

from playwright.async_api import Browser, Route, ViewportSize, async_playwright, expect

from bot.domain.emoji import GENRES
from bot.platforms.web.platform import WebPlatform
from tests.browser.conftest import ARGUMENTS
from tests.browser.pictures import SETTLE, take_picture
from tests.pictures import made
from tests.support.factories import HEROES, OLD_TOWN_ROAD

THEMES: tuple[Literal["dark", "light"], ...] = ("dark", "light")

WIDTH, HEIGHT = 720, 1400
"""Size of the page in CSS pixels; the device scale factor is 2."""

PAGE: ViewportSize = {"width": 1180, "height": 800}
PAGES: Final[Mapping[str, str]] = {
    "what-if": "/whatif",
    "compare": f"/compare?a={OLD_TOWN_ROAD}&b={HEROES}",
}


async def main(folder: Path) -> None:
    """Paste a link and make a screenshot of the card; then open the other pages."""
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def notify_ready(line: str) -> None:
        address.set_result(line.rsplit(maxsplit=1)[-1])

    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("chromium is not installed: make system")
    if not await has_emoji_font():
        sys.exit("no font with emoji is installed: make system")
    async with made.open_services() as services:
        chat = asyncio.create_task(WebPlatform(port=0).run(services, notify_ready))
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            await take_pictures(browser, await address, folder)
            await take_pages(browser, await address, folder)
            await browser.close()
        chat.cancel()
        await asyncio.gather(chat, return_exceptions=True)


async def has_emoji_font() -> bool:
    """Return whether an installed font has the emoji of hip-hop; others would show as boxes."""
    process = await asyncio.create_subprocess_exec(
        "fc-list", f":charset={ord(GENRES['hip-hop']):x}", stdout=asyncio.subprocess.PIPE
    )
    fonts, _ = await process.communicate()
    return bool(fonts.strip())


async def take_pictures(browser: Browser, address: str, folder: Path) -> None:
    """Paste a link once and take a picture of its card in each theme.

    With a link for each theme, the second page would start with the card of the first, which could
    be taken for the new one: the picture would be taken before the new card's chart is there.
    """
    page = await browser.new_page(
        viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=2
    )
    await page.route(made.COVER_ADDRESS, show_cover)
    await page.goto(address)
    await page.get_by_role("textbox", name="Message").fill(made.LINK)
    await page.keyboard.press("Enter")
    card = page.get_by_role("article", name="Old Town Road")
    for theme in THEMES:
        await expect(card).to_have_count(1)
        await page.emulate_media(color_scheme=theme)
        await page.reload()
        await take_picture(card, folder / f"card-{theme}.png")
    await page.close()


async def take_pages(browser: Browser, address: str, folder: Path) -> None:
    """Take a picture of the upper part of each page that is more than a card."""
    page = await browser.new_page(viewport=PAGE, color_scheme="light")
    for name, path in PAGES.items():
        await page.goto(f"{address}{path}")
        await page.evaluate(f"({SETTLE})(document.body)")
        await page.screenshot(path=folder / f"{name}.png", animations="disabled")
    await page.close()


async def show_cover(route: Route) -> None:
    """Answer a request for the song's cover."""
    await route.fulfill(body=made.cover(), content_type="image/png")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
