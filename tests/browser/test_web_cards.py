"""Cards on the page: famous disputes, pointers to earlier cards, pictures to save."""

from dataclasses import replace

import pytest
from playwright.async_api import expect

from bot.domain.filing import FiledUnder
from bot.domain.tracks import AudioFeatures, MeasuredTrack
from bot.texts.web_card import CARD
from bot.texts.web_page import HELP, PAGE, SCRIPT
from tests.browser.chat import ROAD, expect_fit, say, services
from tests.browser.conftest import NewPage, Serve
from tests.support.factories import VALUES
from tests.support.fake_app import FakeApp

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_famous_disputes_are_pressed_on_the_empty_page(
    serve: Serve, new_page: NewPage
) -> None:
    fake = services()
    features = AudioFeatures.from_source(VALUES, "sample")
    song = replace(ROAD, spotify_id=None)
    fake.ask.songs["old town road - lil nas x"] = ROAD
    fake.app.offline.songs = [MeasuredTrack(song, features, FiledUnder(("rock",), "tables"))]
    async with serve(fake) as address:
        page = await new_page(address)
        dispute = page.get_by_role("list", name=PAGE["welcome_disputes"]).get_by_role("link")
        await expect(dispute).to_have_accessible_name(
            "Old Town Road Lil Nas X Filed: rock. Sounds: country 64 %."
        )
        await expect_fit(page, 320, 1280)
        await dispute.press("Enter")
        await expect(page.get_by_role("article", name="Old Town Road")).to_be_visible()
        await expect(dispute).to_be_hidden()


async def test_song_whose_card_is_there_gets_a_pointer_to_it(
    serve: Serve, new_page: NewPage
) -> None:
    async with serve(services()) as address:
        page = await new_page(address, viewport={"width": 360, "height": 640})
        await say(page, "heroes\nheroes\nold town road\nin the end")
        await expect(page.get_by_role("article")).to_have_count(3)
        await expect(page.get_by_text(SCRIPT["already"])).to_have_count(1)
        await say(page, "heroes")
        await expect(page.get_by_text(SCRIPT["already"])).to_have_count(2)
        votes = page.get_by_role("article", name="Heroes").get_by_role("group", name=CARD["votes"])
        await expect(votes).to_be_in_viewport(ratio=1)
        await page.reload()
        await expect(page.get_by_role("article")).to_have_count(3)
        await expect(votes).not_to_be_in_viewport()
        await page.get_by_role("button", name=SCRIPT["show_card"]).last.press("Enter")
        await expect(votes).to_be_in_viewport(ratio=1)
        await expect(page.get_by_role("article", name="Heroes")).to_be_focused()


async def test_card_is_saved_as_a_picture_or_the_page_says_that_it_cannot(
    serve: Serve, new_page: NewPage
) -> None:
    fake = services()
    async with serve(fake) as address:
        page = await new_page(address, color_scheme="dark")
        await say(page, "heroes")
        for name, suffix in (("Save card", "png"), ("Save card as SVG", "svg")):
            async with page.expect_download() as saved:
                await page.get_by_role("link", name=name, exact=True).click()
            download = await saved.value
            assert download.suggested_filename == f"Heroes \N{EN DASH} David Bowie.{suffix}"
            content = (await download.path()).read_text()
            assert content.endswith(f"dark {suffix}")
        fake.renderer.broken = True
        await page.get_by_role("link", name="Save card as PDF").click()
        await expect(page.get_by_text(CARD["save_failed"])).to_be_visible()


async def test_help_offers_songs_to_press_also_after_a_reload(
    serve: Serve, new_page: NewPage
) -> None:
    async with serve(FakeApp()) as address:
        page = await new_page(address)
        await say(page, "/help")
        await page.reload()
        card = page.get_by_role("region", name=CARD["help"])
        await expect(card.get_by_role("listitem")).to_have_text(
            [*HELP.splitlines(), "Old Town Road", "Bohemian Rhapsody", "In the End"]
        )
        await expect_fit(page, 320, 1280)
        await card.get_by_role("link", name="Old Town Road").press("Enter")
        await expect(page.get_by_role("article", name="Old Town Road")).to_be_visible()
        await expect(card).to_be_attached()


async def test_details_are_a_list_of_values_and_the_small_print(
    serve: Serve, new_page: NewPage
) -> None:
    async with serve(services()) as address:
        page = await new_page(address)
        await say(page, "heroes")
        await page.get_by_text(CARD["details"]).click()
        details = page.get_by_role("article").locator("details")
        await expect(details.get_by_role("listitem")).to_have_count(8)
        await expect(details.get_by_text("Tempo: 136 BPM")).to_be_visible()
        await expect(details.get_by_text("Model: wide 2026.1.")).to_be_visible()
        await expect_fit(page, 320, 1280)
