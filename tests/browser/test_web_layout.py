"""Layout, themes and markup of the page, in a real browser."""

import pytest
from playwright.async_api import expect

from bot.texts.web_page import PAGE
from tests.browser.chat import ARABIC, EVIL, HEROES, LONG, overflowing, say, services
from tests.browser.conftest import NewPage, Serve
from tests.support.fake_services import FakeServices

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_markup_in_titles_is_displayed_as_text(serve: Serve, new_page: NewPage) -> None:
    async with serve(services([EVIL])) as address:
        page = await new_page(address)
        await say(page, EVIL.title)
        card = page.get_by_role("article")
        await expect(card.get_by_role("heading")).to_have_text(EVIL.title)
        await expect(card.get_by_text("</script><script>")).to_be_visible()
        assert await card.get_by_role("link").count() == 0
        assert await page.title() == "Soundslike"
        assert await page.locator("img[src='x']").count() == 0


@pytest.mark.parametrize("width", [320, 360, 390, 1280])
async def test_nothing_overflows_horizontally(serve: Serve, new_page: NewPage, width: int) -> None:
    async with serve(services([LONG, ARABIC, EVIL])) as address:
        page = await new_page(address, viewport={"width": width, "height": 740})
        await say(page, "\n".join(song.title for song in (LONG, ARABIC, EVIL)))
        await expect(page.get_by_role("article")).to_have_count(3)
        await page.get_by_role("article").last.get_by_role("combobox").select_option("electronic")
        await expect(page.get_by_role("button", name="Take back")).to_be_visible()
        await say(page, "https://example.org/" + "x" * 300)
        await expect(page.get_by_text("I listen for links to songs")).to_be_visible()
        assert await overflowing(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth") == width


async def test_right_to_left_title_has_its_direction(serve: Serve, new_page: NewPage) -> None:
    async with serve(services([ARABIC])) as address:
        page = await new_page(address)
        await say(page, ARABIC.title)
        heading = page.get_by_role("article").get_by_role("heading")
        assert await heading.evaluate("h => getComputedStyle(h).direction") == "rtl"


async def test_page_and_chart_follow_the_system_theme(serve: Serve, new_page: NewPage) -> None:
    async with serve(services()) as address:
        page = await new_page(address, color_scheme="light")
        await say(page, "heroes")
        chart = page.locator(".chart img")
        await expect(page.locator(".chart.drawn")).to_have_count(1)
        assert "theme=light" in await chart.evaluate("image => image.currentSrc")
        light = await page.evaluate("getComputedStyle(document.body).backgroundColor")
        async with page.expect_response(lambda answer: "theme=dark" in answer.url):
            await page.emulate_media(color_scheme="dark")
        assert await page.evaluate("getComputedStyle(document.body).backgroundColor") != light


async def test_missing_chart_is_replaced_by_bars(serve: Serve, new_page: NewPage) -> None:
    async with serve(FakeServices([HEROES])) as address:
        page = await new_page(address)
        await say(page, "heroes")
        bars = page.get_by_role("article").get_by_role("listitem")
        await expect(bars).to_have_text(
            ["hip-hop41 %", "country34 %", "pop12 %", "r&b8 %", "rock5 %"]
        )


async def test_reduced_motion_stops_animations(serve: Serve, new_page: NewPage) -> None:
    fake = services()
    fake.ask.gate.clear()
    async with serve(fake) as address:
        page = await new_page(address, reduced_motion="reduce")
        await say(page, "heroes")
        await expect(page.get_by_text("Listening …")).to_be_visible()
        assert await page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize("touch", [True, False])
@pytest.mark.parametrize(("width", "height"), [(320, 568), (360, 640), (1280, 720)])
async def test_empty_page_offers_a_file_without_scrolling(
    serve: Serve, new_page: NewPage, width: int, height: int, *, touch: bool
) -> None:
    async with serve(services()) as address:
        size = {"width": width, "height": height}
        page = await new_page(address, viewport=size, has_touch=touch, is_mobile=touch)
        welcome = page.locator("#welcome")
        name = PAGE["pick_file"] if touch else PAGE["drop_here"]
        box = welcome.get_by_role("button", name=name)
        await expect(box).to_be_in_viewport(ratio=1)
        covered = await box.evaluate(
            "e => e.getBoundingClientRect().bottom"
            " > document.querySelector('footer').getBoundingClientRect().top"
        )
        assert not covered
        await expect(page.get_by_text(PAGE["keys"])).to_be_visible(
            visible=width > 560 and not touch
        )
        await expect(page.get_by_text(PAGE["slash"])).to_be_visible()
        assert await overflowing(page) == []
