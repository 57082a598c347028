"""Suggestions while typing, in the chat and in the fields of other pages, in a real browser."""

import asyncio

import pytest
from playwright.async_api import Locator, Page, Request, Route, expect

from bot.domain.filing import FiledUnder
from bot.domain.tracks import AudioFeatures, MeasuredTrack
from tests.browser.conftest import NewPage, Serve
from tests.support.factories import HEROES, OLD_TOWN_ROAD, VALUES, track
from tests.support.fake_app import FakeApp

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SUGGESTIONS = "**/api/suggestions?*"


PAUSE = 1_000
"""Milliseconds of the page's clock in which a request is sent for what was typed."""


def requests_of(page: Page) -> list[str]:
    """Return a list to which each text is added that suggestions are asked for."""
    asked: list[str] = []

    def note(request: Request) -> None:
        _, _, text = request.url.partition("/api/suggestions?q=")
        asked.extend([text] if text else [])

    page.on("request", note)
    return asked


def field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Message")


def option(page: Page, name: str = "") -> Locator:
    return page.get_by_role("listbox").get_by_role("option", name=name)


async def test_a_suggested_song_is_chosen_by_keyboard(serve: Serve, new_page: NewPage) -> None:
    async with serve(FakeApp()) as address:
        page = await new_page(address)
        await page.keyboard.type("old to")
        await expect(option(page)).to_have_text("Old Town Road - RemixLil Nas X, Billy Ray Cyrus")
        await expect(page.get_by_text("1 suggestion.")).to_be_attached()
        await expect(field(page)).not_to_have_attribute("aria-activedescendant", "suggestions-0")
        await page.keyboard.press("ArrowDown")
        await expect(field(page)).to_have_attribute("aria-activedescendant", "suggestions-0")
        await expect(option(page)).to_have_attribute("aria-selected", "true")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("article", name="Old Town Road")).to_be_visible()
        await expect(field(page)).to_have_value("")
        await expect(field(page)).to_be_focused()
        await expect(option(page)).to_have_count(0)


@pytest.mark.parametrize("has_touch", [False, True], ids=["mouse", "touch"])
async def test_a_suggested_song_is_pressed(
    serve: Serve, new_page: NewPage, *, has_touch: bool
) -> None:
    async with serve(FakeApp()) as address:
        page = await new_page(address, has_touch=has_touch)
        await field(page).press_sequentially("/genre david")
        await (option(page, "Heroes").tap() if has_touch else option(page, "Heroes").click())
        await expect(page.get_by_role("article", name="Heroes")).to_be_visible()
        await expect(field(page)).to_be_focused()


async def test_enter_without_a_choice_sends_what_was_typed(serve: Serve, new_page: NewPage) -> None:
    async with serve(FakeApp()) as address:
        page = await new_page(address)
        await page.keyboard.type("/genre heroes")
        await expect(option(page, "Heroes")).to_be_visible()
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("/genre heroes", exact=True)).to_be_visible()
        await expect(page.get_by_role("article", name="Heroes")).to_be_visible()


async def test_escape_closes_the_list_until_something_else_is_typed(
    serve: Serve, new_page: NewPage
) -> None:
    async with serve(FakeApp()) as address:
        page = await new_page(address)
        asked = requests_of(page)
        await page.clock.install()
        await field(page).fill("heroe")  # one change, however slow the keys are
        await page.clock.run_for(PAUSE)
        await expect(option(page, "Heroes")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(option(page)).to_have_count(0)
        await expect(field(page)).to_have_value("heroe")
        await page.keyboard.type(" ")
        await page.clock.run_for(PAUSE)
        await page.keyboard.press("Backspace")
        await page.keyboard.type("s")
        await page.clock.run_for(PAUSE)
        await expect(option(page, "Heroes")).to_be_visible()
        assert asked == ["heroe", "heroes"]
        await page.keyboard.press("Tab")
        await expect(option(page)).to_have_count(0)
        await expect(field(page)).not_to_be_focused()


async def test_a_message_of_several_lines_has_no_suggestions(
    serve: Serve, new_page: NewPage
) -> None:
    async with serve(FakeApp()) as address:
        page = await new_page(address)
        await page.keyboard.type("heroes")
        await expect(option(page, "Heroes")).to_be_visible()
        await page.keyboard.press("Shift+Enter")
        await expect(option(page)).to_have_count(0)
        await page.keyboard.type("b")
        await page.keyboard.press("ArrowUp")
        await page.keyboard.type("a")
        await expect(field(page)).to_have_value("haeroes\nb")


async def test_an_answer_that_comes_late_is_dropped(serve: Serve, new_page: NewPage) -> None:
    held: asyncio.Queue[Route] = asyncio.Queue()

    async def hold_first(route: Route) -> None:
        if route.request.url.endswith("q=he"):
            held.put_nowait(route)
        else:
            await route.continue_()

    async with serve(FakeApp()) as address:
        page = await new_page(address)
        await page.route(SUGGESTIONS, hold_first)
        await page.keyboard.type("he")
        first = await held.get()
        await field(page).fill("old town")
        await expect(option(page, "Old Town Road")).to_be_visible()
        await first.fulfill(json={"suggestions": [{"title": "late"}], "said": "late"})
        assert await page.evaluate("fetch('/healthz').then(({ ok }) => ok)")  # arrives after it
        await expect(option(page)).to_contain_text("Old Town Road")


async def test_one_request_is_sent_for_what_is_typed_quickly(
    serve: Serve, new_page: NewPage
) -> None:
    async with serve(FakeApp()) as address:
        page = await new_page(address)
        asked = requests_of(page)
        await page.evaluate(
            """() => {
                const field = document.getElementById('draft');
                for (let end = 1; end <= 6; end += 1) {
                    field.value = 'heroes'.slice(0, end);
                    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
                }
            }"""
        )
        await expect(option(page, "Heroes")).to_be_visible()
    assert asked == ["heroes"]


async def test_text_that_is_being_composed_has_no_suggestions(
    serve: Serve, new_page: NewPage
) -> None:
    async with serve(FakeApp()) as address:
        page = await new_page(address)
        asked = requests_of(page)
        await page.clock.install()
        keys = await page.context.new_cdp_session(page)
        for text in ("he", "heroe"):
            span = {"selectionStart": len(text), "selectionEnd": len(text)}
            await keys.send("Input.imeSetComposition", {"text": text, **span})
            await page.clock.run_for(PAUSE)
        await expect(field(page)).to_have_value("heroe")
        await keys.send("Input.insertText", {"text": "heroes"})
        await page.clock.run_for(PAUSE)
        await expect(option(page, "Heroes")).to_be_visible()
    assert asked == ["heroes"]


async def test_a_field_of_another_page_leads_to_the_song(serve: Serve, new_page: NewPage) -> None:
    async with serve(FakeApp()) as address:
        page = await new_page(f"{address}/search")
        search = page.get_by_role("combobox", name="Search for a song")
        await expect(search).to_have_attribute("aria-expanded", "false")
        await search.press_sequentially("heroes")
        await expect(option(page, "Heroes")).to_be_visible()
        await expect(search).to_have_attribute("aria-expanded", "true")
        await page.keyboard.press("ArrowUp")
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"{address}/song/{HEROES}")


async def test_words_without_a_choice_are_searched_for(serve: Serve, new_page: NewPage) -> None:
    async with serve(FakeApp()) as address:
        page = await new_page(f"{address}/search")
        search = page.get_by_role("combobox", name="Search for a song")
        await search.fill("no such song")
        await search.press("Enter")
        await expect(page.get_by_text("I can't find “no such song”")).to_be_visible()
        await expect(search).to_have_value("no such song")


# The folder of another version leads to today's.
FORM = """<!doctype html><title>Try</title><form>
<div><input aria-label="One" data-suggest="song" data-suggest-id="one" maxlength="80"></div>
<input type="hidden" id="one" name="a"><script type="module" src="/static/0/suggest.js"></script>
"""


async def test_a_field_for_a_song_keeps_its_id_until_the_name_is_changed(
    serve: Serve, new_page: NewPage
) -> None:
    async with serve(FakeApp()) as address:
        page = await new_page(address)
        await page.route("**/try", lambda route: route.fulfill(body=FORM, content_type="text/html"))
        await page.goto(f"{address}/try")
        one, song = page.get_by_role("combobox", name="One"), page.locator("#one")
        await one.press_sequentially("heroes")
        await option(page, "Heroes").click()
        await expect(one).to_have_value("Heroes – David Bowie")  # noqa: RUF001 - the label's dash
        await expect(song).to_have_value(HEROES)
        await one.press("Backspace")
        await expect(song).to_have_value("")


async def test_enter_on_the_empty_page_asks_the_first_dispute(
    serve: Serve, new_page: NewPage
) -> None:
    app = FakeApp()
    features = AudioFeatures.from_source(VALUES, "sample")
    filed = FiledUnder(("rock", "pop"), "tables")
    app.offline.songs = [MeasuredTrack(track(), features, filed)]
    async with serve(app) as address:
        page = await new_page(address)
        dispute = page.get_by_role("link", name="Old Town Road")
        await expect(dispute).to_have_attribute("href", f"/song/{OLD_TOWN_ROAD}")
        await expect(field(page)).to_be_focused()
        await expect(field(page)).to_have_attribute("placeholder", "Enter: Old Town Road")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("article", name="Old Town Road")).to_be_visible()
        await expect(page.locator(".you .text")).to_have_text("Old Town Road")
        await expect(field(page)).to_have_attribute("placeholder", "A song, a link or a file")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("article")).to_have_count(1)
