"""The page "what if": the result follows the sliders, and the address the values."""

import re
from dataclasses import replace

import pytest
from playwright.async_api import Browser, Locator, Page, ViewportSize, expect

from bot.domain.filing import FiledUnder
from bot.services.what_if import WhatIfService
from bot.texts.web_card import CARD
from bot.texts.what_if import PAGE
from model.classifier import Classifier
from model.store import BundleStore
from tests.browser.chat import expect_fit
from tests.browser.conftest import ARGUMENTS, NewPage, Serve
from tests.support.factories import OLD_TOWN_ROAD, track
from tests.support.fake_app import FakeApp

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

KEYS = (("PageUp", "0.13"), ("ArrowLeft", "0.12"), ("ArrowRight", "0.13"), ("ArrowRight", "0.14"))
LAST = re.compile(r"/whatif\?danceability=0\.578&.*speechiness=0\.14&.*start=country$")
"""Address of the value that only the last key leads to."""

PHONE: ViewportSize = {"width": 390, "height": 844}
BROKEN = """() => {
    const broken = [...document.querySelectorAll(".control .name, .control .value, .percent")]
        .filter((e) => e.checkVisibility() && e.getClientRects().length > 0)
        .filter((e) => {
            const range = document.createRange();
            range.selectNodeContents(e);
            return new Set([...range.getClientRects()].map(({ top }) => top)).size > 1;
        });
    const cut = [...document.querySelectorAll(".turn-mark text")].filter((e) => {
        const { left, right } = e.getBoundingClientRect();
        return e.checkVisibility({ visibilityProperty: true }) && (left < 0 || right > innerWidth);
    });
    return [...broken, ...cut].map((e) => e.textContent);
}"""
"""Returns names and figures of more than one line, and those that the window cuts."""


class ShippedModel:
    """Has the shipped model alone."""

    names = ("wide",)

    def __init__(self) -> None:
        self.classifier = Classifier(BundleStore().load("wide"))

    async def get(self, name: str | None = None) -> Classifier:
        del name
        return self.classifier


def app() -> FakeApp:
    """Return services whose what if is answered by the shipped model."""
    fake = FakeApp()
    songs, disputes = fake.services.songs, fake.services.disputes
    what_if = WhatIfService(songs, disputes, ShippedModel(), fake.now)
    fake.services = replace(fake.services, what_if=what_if)
    return fake


def slider(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=name, exact=True)


async def test_result_and_address_follow_the_keys_and_several_changes_are_one_request(
    serve: Serve, new_page: NewPage
) -> None:
    asked: list[str] = []
    async with serve(app()) as address:
        page = await new_page(f"{address}/whatif?start=country")
        page.on("request", lambda request: asked.append(request.url))
        verdict, speech = page.locator(".verdict"), slider(page, "Speech")
        await expect(verdict).to_contain_text("country")
        for key, value in KEYS:
            await speech.press(key)
            await expect(speech).to_have_value(value)
        await expect(verdict).not_to_contain_text("country")
        await expect(page).to_have_url(LAST)  # that of the last result
        await expect(page.locator("[data-announce]")).to_have_text(await verdict.inner_text())
        link = page.get_by_role("link", name=PAGE["link"])
        await expect(link).to_have_attribute("href", LAST)
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await link.click()
        await expect(page.get_by_role("status")).to_have_text(f"{CARD['copied']} {page.url}")
        assert await page.evaluate("navigator.clipboard.readText()") == page.url
        shared = await new_page(page.url)
        assert (
            await shared.locator(".forecast").inner_html()
            == await page.locator(".forecast").inner_html()
        )

        asked.clear()
        await speech.evaluate(
            """slider => { for (let value = 0; value < 50; value++) {
                slider.value = value / 100;
                slider.dispatchEvent(new Event('input', { bubbles: true }));
            } }"""
        )
        await expect(page.locator(".radar .figure").nth(2)).to_have_text("0.49")
        assert len(asked) <= 2  # of 50 changes

        await page.get_by_role("checkbox", name="Speech is unknown").check()
        await expect(page.locator(".radar .figure").nth(2)).to_have_text(PAGE["unknown"])
        displayed = page.locator("[data-feature=speechiness] .value")
        await expect(displayed).to_have_text(PAGE["no_value"])
        await expect(speech).to_have_attribute("aria-valuetext", PAGE["unknown"])
        turn = page.locator(".turns a").first
        feature = await turn.get_attribute("data-feature")
        await turn.click()
        await expect(page.locator(f"#f-{feature}")).to_be_focused()


async def test_failed_request_keeps_the_result_and_all_fits_and_works_without_script(
    serve: Serve, new_page: NewPage
) -> None:
    async with serve(app()) as address:
        page = await new_page(f"{address}/whatif?start=jazz")
        before = await page.locator(".forecast").inner_html()
        await page.route("**/api/whatif*", lambda route: route.abort())
        await slider(page, "Energy").press("End")
        await expect(page.get_by_text(PAGE["failed"])).to_be_visible()
        assert await page.locator(".forecast").inner_html() == before
        await expect_fit(page, 320, 390, 1280, 2560)

        plain = await new_page(f"{address}/whatif?start=jazz", java_script_enabled=False)
        await plain.get_by_role("checkbox", name="Tempo is unknown").check()
        await plain.get_by_role("button", name=PAGE["show"]).click()
        await expect(plain).to_have_url(re.compile(r"start=jazz&.*tempo=108\.86&tempo=unknown"))
        await expect(plain.locator("[data-feature=tempo] .value")).to_have_text(PAGE["no_value"])


async def test_letters_of_double_size_break_no_name_and_reach_past_no_edge(
    serve: Serve, browser: Browser, chromium: str
) -> None:
    """Media queries know the size of letters from the browser alone, so it is another browser."""
    arguments = [*ARGUMENTS, "--blink-settings=defaultFontSize=32"]
    large = await browser.browser_type.launch(executable_path=chromium, args=arguments)
    fake = app()
    fake.filing.known = {track().key: FiledUnder(("country", "hip-hop"), "tables")}
    try:
        async with serve(fake) as address:
            page = await large.new_page(viewport=PHONE)
            for path in ("/whatif?start=country", f"/song/{OLD_TOWN_ROAD}", "/search", "/song/x"):
                await page.goto(address + path)
                assert await page.evaluate(BROKEN) == [], path
                width = await page.evaluate("document.documentElement.scrollWidth")
                assert width == PHONE["width"], path
            await page.close()
    finally:
        await large.close()
