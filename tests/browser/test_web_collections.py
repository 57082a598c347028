"""Albums on the page: progress, summary, songs to choose from, in a real browser."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest
from playwright.async_api import expect

from bot.domain.replies import Choice
from bot.domain.tracks import MeasuredTrack, SubjectKind, SubjectRef, Track
from bot.texts import collections as words
from bot.texts.web_page import SCRIPT
from tests.browser.chat import expect_fit, say
from tests.browser.conftest import NewPage, Serve
from tests.support.factories import HEROES, VALUES
from tests.support.fake_app import LINK, FakeApp
from tests.support.fake_collections import ALBUM, collection, songs
from tests.support.fake_services import PngRenderer, plain_png

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ALBUM_LINK = "https://www.deezer.com/album/101"
LONG_TITLE = "Quite a long title " * 9 + "W" * 40


def app(chart: bytes | None = plain_png()) -> FakeApp:
    """Return services that know two songs and an album of them."""
    return FakeApp(PngRenderer(chart))


def with_album_of(fake: FakeApp, tracks: Sequence[Track]) -> FakeApp:
    """Let the album have the given tracks, all of which are measured."""
    fake.collections.known = {ALBUM: collection(tracks, image=None)}
    fake.features.known = {one.key: VALUES for one in tracks}
    fake.lookup.tracks += tracks
    return fake


def many(count: int) -> list[Track]:
    return list(songs(count))


async def test_album_is_summarised_and_a_song_gets_its_own_card(
    serve: Serve, new_page: NewPage
) -> None:
    fake = app()
    async with serve(fake) as address:
        page = await new_page(address)
        await say(page, ALBUM_LINK)
        summary = page.get_by_role("article", name="7 EP")
        await expect(summary).to_be_visible()
        answer = fake.summaries.summaries[1].answer
        await expect(summary.get_by_text(words.sentence(answer))).to_be_visible()
        await expect(summary.locator(".chart.drawn")).to_have_count(1)
        await expect(summary.get_by_role("img", name="7 EP")).to_have_attribute(
            "alt", words.alt(answer)
        )
        await summary.get_by_role("link", name="Heroes").press("Enter")
        await expect(page.get_by_role("article", name="Heroes")).to_be_visible()
        await expect(summary).to_be_attached()


async def test_summary_is_displayed_again_after_a_reload(serve: Serve, new_page: NewPage) -> None:
    async with serve(app()) as address:
        page = await new_page(address)
        await say(page, f"{LINK} {ALBUM_LINK}")
        await expect(page.get_by_role("article")).to_have_count(2)
        await page.reload()
        await expect(page.get_by_role("article")).to_have_count(2)
        await page.get_by_role("article").last.get_by_role("link", name="Heroes").click()
        await expect(page.get_by_role("article", name="Heroes")).to_be_visible()


async def test_further_songs_are_displayed_on_request_and_get_the_focus(
    serve: Serve, new_page: NewPage
) -> None:
    async with serve(with_album_of(app(), many(12))) as address:
        page = await new_page(address)
        await say(page, ALBUM_LINK)
        rows = page.get_by_role("article").get_by_role("listitem")
        await expect(rows).to_have_count(10)
        await page.get_by_role("button", name="Show all 12 songs").press("Enter")
        await expect(rows).to_have_count(12)
        eleventh = rows.nth(10).get_by_role("link")
        await expect(eleventh).to_be_focused()
        assert await eleventh.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"


async def test_progress_is_displayed_until_the_summary_is_there(
    serve: Serve, new_page: NewPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake, proceed = app(), asyncio.Event()
    measure = fake.features.measure

    async def wait(tracks: Sequence[Track]) -> Sequence[MeasuredTrack | None]:
        await proceed.wait()
        return await measure(tracks)

    monkeypatch.setattr(fake.features, "measure", wait)
    async with serve(fake) as address:
        page = await new_page(address)
        await say(page, ALBUM_LINK)
        line = page.get_by_text("Reading the album: 0 of 2 songs…")
        await expect(line).to_be_visible()
        proceed.set()
        await expect(page.get_by_role("article", name="7 EP")).to_be_visible()
        await expect(line).to_have_count(0)


async def test_missing_chart_of_a_summary_is_replaced_by_bars(
    serve: Serve, new_page: NewPage
) -> None:
    async with serve(app(chart=None)) as address:
        page = await new_page(address)
        await say(page, ALBUM_LINK)
        await expect(page.locator(".bars").get_by_role("listitem")).to_have_count(5)


async def test_songs_to_choose_from_are_asked_for_by_keyboard_also_after_a_reload(
    serve: Serve, new_page: NewPage
) -> None:
    fake = app()
    fake.search.unsure = True
    async with serve(fake) as address:
        page = await new_page(address)
        await say(page, "/genre o")
        await expect(page.get_by_text("Which one do you mean?")).to_be_visible()
        await page.reload()
        choice = page.get_by_role("link", name="Heroes")
        await choice.focus()
        await page.keyboard.press("Shift+Tab")
        await page.keyboard.press("Tab")
        await expect(choice).to_be_focused()
        assert await choice.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("article", name="Heroes")).to_be_visible()


async def test_summary_and_choices_do_not_overflow(serve: Serve, new_page: NewPage) -> None:
    long = [replace(one, title=LONG_TITLE, artists=("A" * 90,)) for one in many(3)]
    fake = with_album_of(app(), long)
    heroes = SubjectRef(SubjectKind.TRACK, HEROES)
    fake.offline.offered = (Choice("W" * 80, heroes), Choice("Heroes", heroes))
    async with serve(fake) as address:
        page = await new_page(address)
        await say(page, ALBUM_LINK)
        await expect(page.get_by_role("article")).to_have_count(1)
        fake.features.away = True
        await say(page, LINK)
        await expect(page.get_by_role("link", name="Heroes", exact=True)).to_be_visible()
        await expect_fit(page, 320, 390, 1280)


async def test_failed_album_is_asked_for_again_by_a_press(serve: Serve, new_page: NewPage) -> None:
    fake = app()
    fake.features.away = True
    async with serve(fake) as address:
        page = await new_page(address)
        await say(page, ALBUM_LINK)
        again = page.get_by_role("button", name=SCRIPT["try_again"])
        await expect(again).to_be_visible()
        await page.reload()
        await expect(again).to_be_visible()
        fake.features.away = False
        await again.press("Enter")
        await expect(page.get_by_role("article", name="7 EP")).to_be_visible()
