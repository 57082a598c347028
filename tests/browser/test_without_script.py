"""The pages in a browser that runs no scripts: links and forms lead to everything but the chat."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.texts.site import FRAME
from tests.browser.conftest import NewPage, Serve
from tests.browser.states import SONG, served

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_search_leads_to_a_song_and_to_a_comparison(
    serve: Serve, new_page: NewPage, tmp_path: Path
) -> None:
    async with served(serve, tmp_path) as address:
        page = await new_page(address, java_script_enabled=False)
        await page.get_by_role("searchbox", name=FRAME["search"]).fill("old town road")
        await page.keyboard.press("Enter")
        await page.get_by_role("link", name="Old Town Road").first.click()
        await expect(page).to_have_url(f"{address}{SONG}")
        card = page.get_by_role("article", name="Old Town Road")
        await expect(card).to_be_visible()
        chart = card.get_by_role("img", name="Old Town Road")
        assert await chart.evaluate("image => image.decode().then(() => image.naturalWidth)")
