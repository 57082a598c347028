"""The pages in a browser that runs no scripts: links and forms lead to everything but the chat."""

from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from bot.texts import comparison_page, what_if
from bot.texts.site import FRAME
from bot.texts.web_card import CARD
from tests.browser.conftest import NewPage, Serve
from tests.browser.states import SONG, served
from tests.support.factories import HEROES, OLD_TOWN_ROAD

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def search(page: Page, text: str) -> None:
    await page.get_by_label(FRAME["search"]).fill(text)
    await page.keyboard.press("Enter")


async def expect_picture(picture: Locator) -> None:
    """Expect that a picture is loaded once it is in sight."""
    await picture.scroll_into_view_if_needed()
    await expect(picture).to_be_visible()
    box = await picture.bounding_box()
    assert box is not None
    assert box["height"] > 100


async def test_search_leads_to_a_song_and_to_a_comparison(
    serve: Serve, new_page: NewPage, tmp_path: Path
) -> None:
    async with served(serve, tmp_path) as address:
        page = await new_page(address, java_script_enabled=False)
        await search(page, "old town road")
        await expect(page).to_have_url(f"{address}{SONG}")
        card = page.get_by_role("article", name="Old Town Road")
        await expect(card.get_by_role("listitem").first).to_contain_text("hip-hop")
        await expect_picture(card.get_by_role("img", name="Old Town Road"))
        await card.get_by_text(CARD["details"]).click()
        await expect(card.get_by_text("Danceability")).to_be_visible()
        await page.get_by_role("link", name=CARD["compare_with"]).click()
        other = page.get_by_label(comparison_page.WORDS["b"])
        await other.fill("heroes - david bowie")
        await other.press("Enter")
        await expect(page).to_have_url(f"{address}/compare?a={OLD_TOWN_ROAD}&b={HEROES}")
        await expect_picture(page.get_by_role("img").last)


async def test_search_by_words_offers_songs_to_choose_from(
    serve: Serve, new_page: NewPage, tmp_path: Path
) -> None:
    async with served(serve, tmp_path) as address:
        page = await new_page(f"{address}/song/nothing", java_script_enabled=False)
        await page.locator("main").get_by_label(FRAME["search"]).fill("love")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/search?*")  # the page before has links, too
        found = page.locator("main").get_by_role("listitem").get_by_role("link")
        title, _, _ = (await found.first.inner_text()).partition(" \N{EN DASH}")
        await found.first.click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text(title)


async def test_what_if_follows_on_submit(serve: Serve, new_page: NewPage, tmp_path: Path) -> None:
    async with served(serve, tmp_path) as address:
        page = await new_page(f"{address}{SONG}", java_script_enabled=False)
        await page.get_by_role("link", name=CARD["what_if_more"]).click()
        before = await page.locator(".bars").inner_text()
        slider = page.get_by_label("Acoustic", exact=True)
        await slider.focus()
        await slider.press("End")
        await page.get_by_role("button", name=what_if.PAGE["show"]).click()
        await expect(page.locator(".bars")).not_to_have_text(before)
