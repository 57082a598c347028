"""The page that compares two songs, in a real browser without JavaScript."""

from dataclasses import replace

import pytest
from playwright.async_api import expect

from bot.texts.comparison_page import WORDS
from tests.browser.chat import ARABIC, LONG, overflowing
from tests.browser.conftest import NewPage, Serve
from tests.support.factories import HEROES, OLD_TOWN_ROAD, VALUES
from tests.support.fake_app import FakeApp
from tests.support.fake_services import PngRenderer, plain_png

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_form_leads_to_a_comparison_that_fits_every_window(
    serve: Serve, new_page: NewPage
) -> None:
    app = FakeApp(PngRenderer(plain_png()))
    app.features.known = {OLD_TOWN_ROAD: VALUES, HEROES: {**VALUES, "acousticness": 0.9}}
    app.lookup.tracks = [
        replace(LONG, spotify_id=OLD_TOWN_ROAD),
        replace(ARABIC, spotify_id=HEROES),
    ]
    async with serve(app) as address:
        page = await new_page(f"{address}/compare?a={OLD_TOWN_ROAD}", java_script_enabled=False)
        await page.get_by_label(WORDS["b"]).fill(ARABIC.title)
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", level=1)).to_contain_text(WORDS["versus"])
        assert page.url.endswith(f"/compare?a={OLD_TOWN_ROAD}&b={HEROES}")
        await expect(page.get_by_role("img", name="Radar chart of")).to_be_visible()
        rows = page.get_by_role("rowheader")
        assert await rows.count() == len(VALUES)
        await page.get_by_role("link", name=WORDS["swap"]).click()
        await expect(page.get_by_label(WORDS["b"])).not_to_have_value(ARABIC.title)
        assert page.url.endswith(f"/compare?a={HEROES}&b={OLD_TOWN_ROAD}")
        page = await new_page(f"{address}/compare?a={OLD_TOWN_ROAD}&b={HEROES}")
        for width in (320, 390, 1280, 2560):
            await page.set_viewport_size({"width": width, "height": 740})
            wide = [one for one in await overflowing(page) if not one.startswith("<input")]
            assert (width, wide) == (width, [])
            assert await page.evaluate("document.documentElement.scrollWidth") == width
