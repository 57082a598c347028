"""Layout, themes and markup of the page, in a real browser."""

import pytest
from playwright.async_api import expect

from bot import texts
from bot.domain.sanitize import one_line
from bot.texts.web_card import CARD
from bot.texts.web_page import PAGE
from tests.browser.chat import ARABIC, EVIL, HEROES, LONG, expect_fit, overflowing, say, services
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
        assert await card.locator("a[target]").count() == 0
        assert await page.title() == "Soundslike"
        assert await page.locator("img[src='x']").count() == 0


async def test_nothing_overflows_and_votes_need_no_scrolling(
    serve: Serve, new_page: NewPage
) -> None:
    async with serve(services([LONG, ARABIC, EVIL])) as address:
        page = await new_page(address, viewport={"width": 360, "height": 640})
        for song in (LONG, ARABIC, EVIL):
            await say(page, song.title)
            card = page.get_by_role("article").last
            await expect(card.get_by_role("heading")).to_have_text(one_line(song.title))
            await expect(card.get_by_role("group", name=CARD["votes"])).to_be_in_viewport(ratio=1)
        heading = page.get_by_role("article").nth(1).get_by_role("heading")
        assert await heading.evaluate("h => getComputedStyle(h).direction") == "rtl"
        await card.get_by_role("combobox").select_option("electronic")
        await expect(page.get_by_role("button", name="Take back")).to_be_visible()
        await page.get_by_text("Details").first.click()
        await expect(page.get_by_text(LONG.artists[0][:100]).last).to_be_visible()
        await say(page, "https://example.org/" + "x" * 300)
        await expect(page.get_by_text("I listen for links to songs")).to_be_visible()
        await expect_fit(page, 320, 360, 390, 1280)


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


async def test_bars_are_there_without_a_chart(serve: Serve, new_page: NewPage) -> None:
    async with serve(FakeServices([HEROES])) as address:
        page = await new_page(address)
        await say(page, "heroes")
        bars = page.get_by_role("article").get_by_role("listitem")
        await expect(bars).to_have_text(
            ["hip-hop 41 %", "country 34 %", "pop 12 %", "r&b 8 %", "rock 5 %"]
        )
        await expect(page.get_by_text(texts.CHART_MISSING)).to_be_visible()


async def test_reduced_motion_stops_animations(serve: Serve, new_page: NewPage) -> None:
    fake = services()
    fake.ask.gate.clear()
    async with serve(fake) as address:
        page = await new_page(address, reduced_motion="reduce")
        await say(page, "heroes")
        await expect(page.get_by_text("Listening …")).to_be_visible()
        assert await page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize("touch", [True, False])
async def test_empty_page_offers_a_file_without_scrolling(
    serve: Serve, new_page: NewPage, *, touch: bool
) -> None:
    async with serve(services()) as address:
        page = await new_page(address, has_touch=touch, is_mobile=touch)
        name = PAGE["pick_file"] if touch else PAGE["drop_here"]
        box = page.locator("#welcome").get_by_role("button", name=name)
        for width, height in ((320, 568), (360, 640), (1280, 720)):
            await page.set_viewport_size({"width": width, "height": height})
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
