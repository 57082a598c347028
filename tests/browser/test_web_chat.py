"""The conversation on the page, in a real browser."""

import asyncio
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, Route, expect

from tests.browser.chat import choose, expect_choice, say, services
from tests.browser.conftest import NewContext, NewPage, Serve

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_three_songs_in_one_message_get_three_cards_with_charts(
    serve: Serve, new_page: NewPage
) -> None:
    async with serve(services()) as address:
        page = await new_page(address)
        await say(page, "old town road\nin the end\nheroes")
        await expect(page.get_by_role("article")).to_have_count(3)
        for title in ("Old Town Road", "In the End", "Heroes"):
            card = page.get_by_role("article", name=title)
            chart = card.get_by_role("img", name=title)
            await chart.scroll_into_view_if_needed()
            await expect(card.locator(".chart.drawn")).to_have_count(1)
            assert await chart.evaluate("image => image.naturalWidth") == 1000
        await expect(page.get_by_role("textbox", name="Message")).to_be_focused()
        await expect(page.get_by_role("textbox", name="Message")).to_have_value("")


async def test_message_and_progress_are_displayed_at_once(serve: Serve, new_page: NewPage) -> None:
    fake = services()
    fake.ask.gate.clear()
    async with serve(fake) as address:
        page = await new_page(address)
        await say(page, "heroes")
        await expect(page.get_by_text("heroes", exact=True)).to_be_visible()
        await expect(page.get_by_text("Listening …")).to_be_visible()
        fake.ask.gate.set()
        await expect(page.get_by_role("article", name="Heroes")).to_be_visible()
        await expect(page.get_by_text("Listening …")).to_have_count(0)


async def test_empty_page_offers_examples(serve: Serve, new_page: NewPage) -> None:
    async with serve(services()) as address:
        page = await new_page(address)
        await expect(page.get_by_role("heading", name="What does it sound like?")).to_be_visible()
        await page.get_by_role("link", name="Old Town Road").click()
        await expect(page.get_by_role("article", name="Old Town Road")).to_be_visible()
        await expect(page.get_by_role("heading", name="What does it sound like?")).to_be_hidden()


async def test_message_without_a_link_is_a_search(serve: Serve, new_page: NewPage) -> None:
    async with serve(services()) as address:
        page = await new_page(address)
        await say(page, "Heroes?")
        await expect(page.get_by_text("I can't find that track.")).to_be_visible()


async def test_enter_sends_a_command_that_needs_no_text(serve: Serve, new_page: NewPage) -> None:
    async with serve(services()) as address:
        page = await new_page(address)
        await page.keyboard.type("/labels")
        await expect(page.get_by_role("option", name="/labels")).to_be_visible()
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("No labels yet.")).to_be_visible()


async def test_page_is_usable_by_keyboard(serve: Serve, new_page: NewPage) -> None:
    async with serve(services()) as address:
        page = await new_page(address)
        await expect(page.get_by_role("textbox", name="Message")).to_be_focused()
        await page.keyboard.type("/ge")
        await expect(page.get_by_role("option", name="/genre a link")).to_be_visible()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("textbox", name="Message")).to_have_value("/genre ")
        await page.keyboard.type("In the End")
        await page.keyboard.press("Shift+Enter")
        await page.keyboard.press("Backspace")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("article", name="In the End")).to_be_visible()

        await page.keyboard.press("Shift+Tab")
        await expect(page.get_by_role("button", name="Choose a sound file")).to_be_focused()
        for control in (
            "Save card as PDF",
            "Save card as SVG",
            "Save card",
            "What if",
            "Compare",
            "Link",
        ):
            await page.keyboard.press("Shift+Tab")
            link = page.get_by_role("article").get_by_role("link", name=control, exact=True)
            await expect(link).to_be_focused()
        await page.keyboard.press("Shift+Tab")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("Features from")).to_be_visible()
        await page.keyboard.press("Shift+Tab")
        await expect(page.get_by_role("combobox")).to_be_focused()
        await page.keyboard.press("Shift+Tab")
        outline = await page.locator(".chip:focus-within").evaluate(
            "chip => getComputedStyle(chip).outlineStyle"
        )
        assert outline == "solid"
        await page.keyboard.press("Space")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_contain_text("Thank you!")

        await page.get_by_role("combobox").focus()
        await page.keyboard.press("f")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_have_text("Your vote: folk. Thank you!")


async def test_conversation_votes_and_draft_survive_reload_and_restart(
    serve: Serve, new_page: NewPage
) -> None:
    fake = services()
    async with serve(fake) as address:
        page = await new_page(address)
        await say(page, "old town road")
        await choose(page, "country")
        await expect(page.get_by_role("status")).to_have_text("Your vote: country. Thank you!")
        await say(page, "nothing in it")
        await expect(page.get_by_text("I can't find that track.")).to_be_visible()
        await page.get_by_role("textbox", name="Message").fill("half a thought")
        await page.reload()
        await expect_all_kept(page)
    async with serve(fake, port=urlsplit(address).port) as again:
        assert again == address
        await page.reload()
        await expect_all_kept(page)
    assert len(fake.ask.asked) == 3  # the second one without a link, then as a search


async def expect_all_kept(page: Page) -> None:
    await expect(page.get_by_role("article", name="Old Town Road")).to_be_visible()
    await expect(page.get_by_text("old town road", exact=True).first).to_be_visible()
    await expect(page.get_by_text("I can't find that track.")).to_be_visible()
    await expect_choice(page, radio="country")
    await expect(page.get_by_role("status")).to_have_text("Your vote for this song: country.")
    await expect(page.get_by_role("textbox", name="Message")).to_have_value("half a thought")


async def test_message_sent_while_the_bot_is_stopped_is_answered_once_after_its_start(
    serve: Serve, new_page: NewPage
) -> None:
    fake = services()
    async with serve(fake) as address:
        page = await new_page(address)
        await expect(page.get_by_role("heading", name="What does it sound like?")).to_be_visible()
    await say(page, "heroes")
    await expect(page.get_by_text("The bot can't be reached.")).to_be_visible()
    await expect(page.get_by_text("Not sent yet.")).to_be_visible()
    await expect(page.get_by_text("Listening …")).to_have_count(0)
    async with serve(fake, port=urlsplit(address).port):
        await page.get_by_role("button", name="Try now").click()
        await expect(page.get_by_role("article", name="Heroes")).to_have_count(1)
        await expect(page.get_by_text("The bot can't be reached.")).to_be_hidden()
    assert len(fake.ask.asked) == 1


async def test_message_whose_reply_was_lost_is_answered_once(
    serve: Serve, new_page: NewPage
) -> None:
    fake = services()
    async with serve(fake) as address:
        page = await new_page(address)

        async def lose_reply(route: Route) -> None:
            await route.fetch()
            await route.abort()

        await page.route("**/api/messages", lose_reply, times=1)
        await say(page, "heroes")
        await expect(page.get_by_role("article", name="Heroes")).to_have_count(1)
        await page.reload()
        await expect(page.get_by_role("article", name="Heroes")).to_have_count(1)
    assert len(fake.ask.asked) == 1


async def test_forget_me_deletes_votes_cards_and_messages(serve: Serve, new_page: NewPage) -> None:
    async with serve(services()) as address:
        page = await new_page(address)
        await say(page, "old town road")
        await choose(page, "country")
        await expect(page.get_by_role("status")).to_have_text("Your vote: country. Thank you!")
        await say(page, "/forget-me")
        await expect(page.get_by_text("Done: 1 vote")).to_be_visible()
        await expect(page.get_by_role("article")).to_have_count(0)
        await expect(page.get_by_text("old town road", exact=True)).to_have_count(0)
        assert "old town road" not in await page.evaluate("JSON.stringify(localStorage)")


async def test_message_is_sent_after_the_history_that_gives_the_cookie(
    serve: Serve, new_context: NewContext
) -> None:
    fake = services()
    asked: asyncio.Queue[Route] = asyncio.Queue()
    async with serve(fake) as address:
        context = await new_context()
        await context.route("**/api/history", asked.put)
        page = await context.new_page()
        await page.goto(address)
        await say(page, "heroes")
        await expect(page.get_by_text("Listening …")).to_be_visible()
        first = await asked.get()
        assert not fake.ask.asked
        await first.continue_()
        await expect(page.get_by_role("article", name="Heroes")).to_have_count(1)


async def test_tabs_opened_at_once_on_a_first_visit_are_one_visitor(
    serve: Serve, new_context: NewContext
) -> None:
    fake = services()
    asked: asyncio.Queue[Route] = asyncio.Queue()
    async with serve(fake) as address:
        context = await new_context()
        await context.route("**/api/history", asked.put)
        tabs = [await context.new_page() for _ in range(2)]
        for tab, song in zip(tabs, ("heroes", "in the end"), strict=True):
            await tab.goto(address)
            await say(tab, song)
            await expect(tab.get_by_text("Listening …")).to_be_visible()
        waiting = "navigator.locks.query().then(({ pending }) => pending.length)"
        assert await tabs[1].evaluate(waiting) == 1  # for the history of the other tab
        for tab in tabs:
            await (await asked.get()).continue_()
            await expect(tab.get_by_role("article")).not_to_have_count(0)
    assert len({message.user for message in fake.ask.asked}) == 1


async def test_failed_forget_me_deletes_nothing(serve: Serve, new_page: NewPage) -> None:
    fake = services()
    fake.fail_to_forget()
    async with serve(fake) as address:
        page = await new_page(address)
        await say(page, "old town road")
        await say(page, "/forget-me")
        await expect(page.get_by_text("I can't reach my database")).to_be_visible()
        await expect(page.get_by_text("old town road", exact=True)).to_be_visible()
        assert "old town road" in await page.evaluate("JSON.stringify(localStorage)")


async def test_too_long_message_stays_in_the_field(serve: Serve, new_page: NewPage) -> None:
    fake = services()
    async with serve(fake) as address:
        page = await new_page(address)
        await page.get_by_role("textbox", name="Message").fill("x" * 1_000_000)
        await page.get_by_role("button", name="Send").click()
        await expect(page.get_by_text("That message is too long for me")).to_be_visible()
        text = await page.get_by_role("textbox", name="Message").input_value()
        assert len(text) == 1_000_000
    assert fake.ask.asked == []


async def test_failed_message_can_be_retried(serve: Serve, new_page: NewPage) -> None:
    fake = services()
    fake.ask.broken = RuntimeError("heroes")
    async with serve(fake) as address:
        page = await new_page(address)
        await say(page, "heroes")
        await expect(page.get_by_text("Something went wrong on my side.")).to_be_visible()
        fake.ask.broken = None
        await page.get_by_role("button", name="Try again").click()
        await expect(page.get_by_role("article", name="Heroes")).to_be_visible()


async def test_another_site_cannot_read_write_or_frame_the_chat(
    serve: Serve, new_context: NewContext
) -> None:
    async def blank(_: web.Request) -> web.Response:
        return web.Response(text="<title>another site</title>", content_type="text/html")

    other = web.Application()
    other.router.add_get("/", blank)
    fake = services()
    async with serve(fake) as address, TestServer(other) as other_site:
        page = await (await new_context()).new_page()
        await page.goto(str(other_site.make_url("/")))
        statuses: list[int] = []
        page.on(
            "response",
            lambda answer: (
                statuses.append(answer.status) if answer.url.startswith(address) else None
            ),
        )
        reached = await page.evaluate(
            """async (address) => {
                const send = (path, options) => fetch(address + path, options)
                    .then((response) => response.type, () => 'refused');
                const body = JSON.stringify({id: 'abcdefgh', text: 'heroes'});
                const frame = document.createElement('iframe');
                frame.src = address;
                document.body.append(frame);
                await new Promise((done) => (frame.onload = done));
                return [
                    await send('/api/history'),
                    await send('/api/history', {mode: 'no-cors'}),
                    await send('/api/messages', {method: 'POST', body, mode: 'no-cors'}),
                    await send('/api/messages', {
                        method: 'POST', body, headers: {'Content-Type': 'application/json'},
                    }),
                ];
            }""",
            address,
        )
        assert "basic" not in reached
        assert "cors" not in reached
        assert statuses
        assert set(statuses) == {403}
    assert fake.ask.asked == []
