"""The page of a song, and links of cards to it, in a real browser."""

import asyncio
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, Route, expect

from bot import texts
from bot.texts.web_card import CARD
from bot.texts.web_page import PAGE
from tests.browser.chat import LONG, ROAD, choose, expect_fit, option, say
from tests.browser.conftest import NewPage, Serve
from tests.support.factories import OLD_TOWN_ROAD, VALUES, track
from tests.support.fake_app import LINK, FakeApp
from tests.support.fake_services import PngRenderer, plain_png

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SONG = f"/song/{OLD_TOWN_ROAD}"


def app() -> FakeApp:
    return FakeApp(PngRenderer(plain_png()))


async def test_link_of_a_card_is_copied_and_leads_to_its_page(
    serve: Serve, new_page: NewPage
) -> None:
    async with serve(app()) as address:
        page = await new_page(address, permissions=["clipboard-read", "clipboard-write"])
        await say(page, LINK)
        card = page.get_by_role("article", name="Old Town Road")
        await card.get_by_role("link", name=CARD["link"], exact=True).click()
        await expect(card.get_by_text(CARD["copied"])).to_be_visible()
        copied = await page.evaluate("navigator.clipboard.readText()")
        assert copied == f"{address.rstrip('/')}{SONG}"
        await card.get_by_role("link", name=copied).click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("Old Town Road")
        assert urlsplit(page.url).path == SONG


async def test_link_that_cannot_be_copied_is_displayed(serve: Serve, new_page: NewPage) -> None:
    async with serve(app()) as address:
        page = await new_page(f"{address.rstrip('/')}{SONG}")
        await page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")
        await page.get_by_role("link", name=CARD["link"], exact=True).press("Enter")
        await expect(page.get_by_text(CARD["not_copied"])).to_be_visible()
        await expect(page.get_by_role("link", name=SONG)).to_be_visible()


async def test_song_page_is_whole_without_scripts(serve: Serve, new_page: NewPage) -> None:
    async with serve(app()) as address:
        page = await new_page(f"{address.rstrip('/')}{SONG}", java_script_enabled=False)
        card = page.get_by_role("article", name="Old Town Road")
        await expect(card.get_by_role("heading", level=1)).to_contain_text("Old Town Road")
        await expect(card.get_by_role("group", name=CARD["votes"])).to_be_hidden()
        await card.get_by_text(CARD["details"]).click()
        await expect(card.get_by_text("Danceability: 0.88")).to_be_visible()
        await expect(page.locator("input[name=q]")).to_be_visible()
        await page.goto(address)
        await expect(page.locator("input[name=q]")).to_be_visible()
        await expect(page.get_by_role("textbox", name=PAGE["composer"])).to_be_hidden()


async def test_long_names_fit_on_every_page(serve: Serve, new_page: NewPage) -> None:
    fake = app()
    chinese = "歌" * 300
    songs = [
        replace(LONG, spotify_id="l" * 22, title=LONG.title[:300], url=f"{LINK}x"),
        track("r" * 22, title="حبيبي" * 60, artists=("عمرو" * 50,)),
        track("c" * 22, title=chinese, artists=(chinese,)),
        track("w" * 22, title="W" * 300, artists=("W" * 300,)),
    ]
    fake.lookup.tracks += songs
    fake.features.known = {one.key: VALUES for one in songs}
    async with serve(fake) as address:
        page = await new_page(address)
        for song in songs:
            await page.goto(f"{address.rstrip('/')}/song/{song.spotify_id}")
            await expect(page.get_by_role("group", name=CARD["votes"])).to_be_visible()
            await page.get_by_text(CARD["details"]).click()
            await expect_fit(page, 320, 640, 3840)


async def test_vote_on_the_page_of_a_song_is_kept(serve: Serve, new_page: NewPage) -> None:
    async with serve(app()) as address:
        page = await new_page(f"{address.rstrip('/')}{SONG}")
        status = page.locator(".receipt")
        await choose(page, "rock")
        await expect(status).to_have_text("Your vote: rock. Thank you!")
        await expect(page.get_by_text("1 says rock.")).to_be_visible()
        await page.reload()
        await expect(option(page, "rock")).to_be_checked()
        await expect(page.get_by_text("1 says rock.")).to_be_visible()
        await page.get_by_role("button", name="Take back").click()
        await expect(page.get_by_text("1 says")).to_have_count(0)
        await page.goto(address)
        await say(page, LINK)
        await expect(page.get_by_role("radio")).to_have_count(3)
        await expect(page.get_by_role("radio", checked=True)).to_have_count(0)


async def test_picture_that_cannot_be_loaded_leaves_what_stands_for_it(
    serve: Serve, new_page: NewPage
) -> None:
    fake = FakeApp(PngRenderer(None))
    fake.lookup.tracks[0] = replace(ROAD, image="https://images.example/cover")
    async with serve(fake) as address:
        page = await new_page(address)
        await page.route("https://images.example/**", lambda route: route.abort())
        await say(page, LINK)
        await expect_no_pictures(page)

        async def wait_for_pictures(route: Route) -> None:
            await failed.wait()
            await route.continue_()

        failed = asyncio.Event()
        page.on("requestfailed", lambda _: failed.set())
        await page.route("**/song.js", wait_for_pictures)
        await page.goto(f"{address.rstrip('/')}{SONG}")
        await expect_no_pictures(page)


async def expect_no_pictures(page: Page) -> None:
    await expect(page.locator(".cover img")).to_be_hidden()
    await expect(page.locator(".cover span")).to_be_visible()
    await expect(page.locator(".chart")).to_be_hidden()
    await expect(page.get_by_text(texts.CHART_MISSING)).to_be_visible()
