"""Votes on the page, in a real browser."""

import asyncio

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.chat import choose, expect_choice, option, say, services
from tests.browser.conftest import NewPage, Serve

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_each_genre_is_offered_once_and_taking_a_choice_back_leaves_none(
    serve: Serve, new_page: NewPage
) -> None:
    async with serve(services()) as address:
        page = await new_page(address)
        await say(page, "old town road")
        status = page.get_by_role("status")
        await expect(page.get_by_role("radio")).to_have_count(3)
        genres = page.get_by_role("combobox").locator("option:not([value=''])")
        await expect(genres).to_have_count(10)
        await choose(page, "hip-hop")
        await expect(status).to_have_text("Your vote: hip-hop. Thank you!")
        await expect_choice(page, radio="hip-hop")
        await choose(page, "country")
        await expect(status).to_have_text("Your vote: country. Thank you!")
        await expect_choice(page, radio="country")
        await expect(page.get_by_text("1 says country.")).to_be_visible()
        await page.get_by_role("combobox").select_option("jazz")
        await expect(status).to_have_text("Your vote: jazz. Thank you!")
        await expect_choice(page, radio=None, menu="jazz")
        await page.get_by_role("button", name="Take back").click()
        await expect(status).to_have_text("Taken back: you have no vote on this song.")
        await expect(page.get_by_text("1 says")).to_have_count(0)
        await expect_choice(page, radio=None)


async def test_receipt_is_followed_by_what_was_learned_from_an_earlier_vote(
    serve: Serve, new_page: NewPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake, notices = services(), ["The song you corrected is now answered your way."]

    async def notice(*_: object, **__: object) -> str | None:
        return notices.pop() if notices and fake.app.votes.ballots else None

    monkeypatch.setattr(fake.services.learned, "notice", notice)
    async with serve(fake) as address:
        page = await new_page(address)
        await say(page, "old town road")
        status = page.get_by_role("status")
        await choose(page, "hip-hop")
        await expect(status).to_have_text(
            "Your vote: hip-hop. Thank you! The song you corrected is now answered your way."
        )
        await choose(page, "country")
        await expect(status).to_have_text("Your vote: country. Thank you!")


async def test_vote_changes_every_card_of_the_song(serve: Serve, new_page: NewPage) -> None:
    fake = services()
    async with serve(fake) as address:
        page = await new_page(address)
        await say(page, "heroes")
        await expect(page.get_by_role("article")).to_have_count(1)
        fake.ask.odds = {"hip-hop": 0.4, "country": 0.3, "pop": 0.2, "r&b": 0.1}
        await say(page, "heroes")
        cards = page.get_by_role("article", name="Heroes")
        await expect(cards).to_have_count(2)
        await option(cards.first, "country").check(force=True)
        last = cards.last
        await expect(last.get_by_role("status")).to_have_text("Your vote for this song: country.")
        await expect_choice(last, radio="country")
        await last.get_by_role("combobox").select_option("jazz")
        await expect_votes(page, "Your vote for this song: jazz.", menu="jazz")
        await page.reload()
        await expect_votes(page, "Your vote for this song: jazz.", menu="jazz")
        await cards.last.get_by_role("button", name="Take back").click()
        await expect_votes(page, "", menu="")


async def expect_votes(page: Page, text: str, *, menu: str) -> None:
    """Expect that both cards of a song display a vote; the text is that of the first card."""
    cards = page.get_by_role("article", name="Heroes")
    await expect(cards).to_have_count(2)
    await expect(cards.first.get_by_role("status")).to_have_text(text)
    await expect_choice(cards.first, radio=None, menu=menu)
    await expect_choice(cards.last, radio=None, menu=menu)


async def test_arrow_keys_vote_only_for_the_last_genre(serve: Serve, new_page: NewPage) -> None:
    async with serve(services()) as address:
        page = await new_page(address)
        votes: list[str | None] = []
        page.on(
            "request",
            lambda sent: votes.append(sent.post_data) if sent.url.endswith("/votes") else None,
        )
        await say(page, "heroes")
        await page.get_by_role("combobox").focus()
        for _ in range(3):
            await page.keyboard.press("ArrowDown")
        await page.get_by_role("textbox", name="Message").focus()
        await expect(page.get_by_role("status")).to_have_text("Your vote: r&b. Thank you!")
        assert len(votes) == 1


async def test_votes_are_sent_one_at_a_time_and_the_last_one_stands(
    serve: Serve, new_page: NewPage
) -> None:
    async with serve(services()) as address:
        page = await new_page(address)
        await say(page, "heroes")
        await choose(page, "country")
        status = page.get_by_role("status")
        await expect(status).to_have_text("Your vote: country. Thank you!")
        gate = asyncio.Event()
        sent: list[str | None] = []

        async def hold(route: Route) -> None:
            sent.append(route.request.post_data)
            await gate.wait()
            await route.continue_()

        await page.route("**/api/votes", hold)
        await page.get_by_role("combobox").select_option("jazz")
        await choose(page, "pop")
        await choose(page, "country")
        await expect_choice(page, radio="country")
        assert len(sent) == 1
        async with page.expect_response(lambda _: len(sent) == 3):
            gate.set()
        await expect(status).to_have_text("Your vote: country. Thank you!")
        await expect_choice(page, radio="country")


async def test_failed_vote_leaves_the_stored_one_selected(serve: Serve, new_page: NewPage) -> None:
    async with serve(services()) as address:
        page = await new_page(address)
        await say(page, "heroes")
        status = page.get_by_role("status")
        await choose(page, "country")
        await expect(status).to_have_text("Your vote: country. Thank you!")
        await page.route("**/api/votes", lambda route: route.abort(), times=1)
        await page.get_by_role("combobox").select_option("jazz")
        await expect(status).to_contain_text("Not saved: I can't be reached.")
        await expect_choice(page, radio="country")
        await expect(page.get_by_text("1 says country.")).to_be_visible()
        await page.get_by_role("combobox").select_option("jazz")
        await expect(status).to_have_text("Your vote: jazz. Thank you!")


async def test_taking_back_by_keyboard_moves_the_focus_to_the_choices(
    serve: Serve, new_page: NewPage
) -> None:
    async with serve(services()) as address:
        page = await new_page(address)
        await say(page, "heroes")
        await choose(page, "country")
        await page.get_by_role("button", name="Take back").press("Enter")
        await expect(page.get_by_role("status")).to_contain_text("Taken back")
        await expect(page.get_by_role("button", name="Take back")).to_be_hidden()
        await expect(option(page, "hip-hop")).to_be_focused()
        await expect_choice(page, radio=None)
