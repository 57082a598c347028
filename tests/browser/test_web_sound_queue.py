"""Sound files on the page, in a real browser: several, sent again, lost."""

import asyncio
import re
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Route, expect

from bot import texts
from bot.domain.sound_ports import MAX_UPLOADS
from bot.texts import web_page
from tests.browser.conftest import NewPage, Serve
from tests.browser.sound_steps import drop, file, give
from tests.support.fake_app import FakeApp
from tests.support.fake_listener import MUSIC

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SAY = {**web_page.PAGE, **web_page.SCRIPT}


async def test_files_are_heard_one_after_another_and_no_more_than_the_limit(
    serve: Serve, new_page: NewPage
) -> None:
    app = FakeApp()
    listener = app.listener
    listener.gate.clear()
    names = [f"song {number}.mp3" for number in range(MAX_UPLOADS + 2)]
    async with serve(app) as address:
        page = await new_page(address)
        await drop(page, *names)
        await listener.arrived.wait()
        await expect(page.get_by_text(SAY["file_waits"])).to_have_count(MAX_UPLOADS - 1)
        left_out = SAY["not_taken"].format(names=", ".join(names[MAX_UPLOADS:]))
        await expect(page.get_by_role("alert")).to_have_text(left_out)
        await expect(page.locator(".file")).to_have_count(MAX_UPLOADS)
        assert len(app.listener.groups) == 1
        listener.gate.set()
        await expect(page.get_by_role("article")).to_have_count(MAX_UPLOADS)
        shown = await page.locator(".file").all_text_contents()
        assert shown == names[:MAX_UPLOADS]
        await expect(page.get_by_role("alert")).to_have_count(0)
        await drop(page, names[-1])
        await expect(page.get_by_role("article")).to_have_count(MAX_UPLOADS + 1)


async def test_how_much_is_sent_and_who_waits_is_displayed(serve: Serve, new_page: NewPage) -> None:
    app = FakeApp()
    listener = app.listener
    listener.before = 3
    listener.gate.clear()
    async with serve(app) as address:
        page = await new_page(address)
        network = await page.context.new_cdp_session(page)
        slow = {"offline": False, "latency": 0, "downloadThroughput": -1}
        await network.send("Network.enable")
        await network.send("Network.emulateNetworkConditions", slow | {"uploadThroughput": 1e6})
        await give(page, file("slow.mp3", b"music\n" + bytes(3_000_000)))
        bar = page.get_by_role("progressbar", name=SAY["file_sent"])
        await expect(bar).to_be_visible()
        await expect(bar).to_have_attribute("value", re.compile(r"0\.\d"))
        await expect(page.get_by_text(SAY["file_sending"])).to_be_visible()
        await network.send("Network.emulateNetworkConditions", slow | {"uploadThroughput": -1})
        waiting = texts.waiting_to_listen("slow.mp3", 3)
        await expect(page.get_by_text(waiting)).to_be_visible(timeout=30_000)
        await expect(bar).to_have_count(0)
        listener.gate.set()
        await expect(page.get_by_role("article")).to_have_count(1)


async def test_reload_while_a_file_is_heard_gets_its_card(serve: Serve, new_page: NewPage) -> None:
    app = FakeApp()
    listener = app.listener
    listener.gate.clear()
    async with serve(app) as address:
        page = await new_page(address)
        await give(page, file("song.mp3", MUSIC))
        await listener.arrived.wait()
        await page.reload()
        await expect(page.get_by_text(SAY["listening"])).to_be_visible()
        listener.gate.set()
        await expect(page.get_by_role("article", name="A Song")).to_have_count(1)
        await expect(page.get_by_text("song.mp3")).to_be_visible()
    assert len(app.listener.groups) == 1


async def test_reload_before_a_file_is_sent_asks_for_it_again(
    serve: Serve, new_page: NewPage
) -> None:
    async with serve(FakeApp()) as address:
        page = await new_page(address)
        arrived = asyncio.Event()

        async def hold(_: Route) -> None:
            arrived.set()

        await page.route("**/api/sounds*", hold)
        await give(page, file("song.mp3", MUSIC))
        await arrived.wait()
        await page.reload()
        await expect(page.get_by_text(SAY["file_lost"])).to_be_visible()


async def test_file_is_sent_again_when_the_bot_is_back(serve: Serve, new_page: NewPage) -> None:
    app = FakeApp()
    async with serve(app) as address:
        page = await new_page(address)
        await expect(page.get_by_text(SAY["drop_here"])).to_be_visible()
    await give(page, file("song.mp3", MUSIC))
    await expect(page.get_by_text("The bot can't be reached.")).to_be_visible()
    async with serve(app, port=urlsplit(address).port):
        await page.get_by_role("button", name="Try now").click()
        await expect(page.get_by_role("article", name="A Song")).to_have_count(1)
    assert len(app.listener.groups) == 1


async def test_file_whose_reply_was_lost_is_heard_once(serve: Serve, new_page: NewPage) -> None:
    app = FakeApp()
    async with serve(app) as address:
        page = await new_page(address)

        async def lose_reply(route: Route) -> None:
            await route.fetch()
            await route.abort()

        await page.route("**/api/sounds*", lose_reply, times=1)
        await give(page, file("song.mp3", MUSIC))
        await expect(page.get_by_role("article", name="A Song")).to_have_count(1)
    assert len(app.listener.groups) == 1


async def test_file_that_never_arrives_can_be_tried_again(serve: Serve, new_page: NewPage) -> None:
    app = FakeApp()
    async with serve(app) as address:
        page = await new_page(address)
        await page.route("**/api/sounds*", lambda route: route.abort())
        await give(page, file("song.mp3", MUSIC))
        await expect(page.get_by_text(SAY["file_failed"])).to_be_visible()
        await page.unroute("**/api/sounds*")
        await page.get_by_role("button", name=SAY["try_again"]).click()
        await expect(page.get_by_role("article", name="A Song")).to_have_count(1)


async def test_many_files_that_are_left_out_are_counted(serve: Serve, new_page: NewPage) -> None:
    app = FakeApp()
    listener = app.listener
    listener.gate.clear()
    names = [f"song {number}.mp3" for number in range(MAX_UPLOADS + 100)]
    async with serve(app) as address:
        page = await new_page(address)
        await drop(page, *names)
        first = ", ".join(names[MAX_UPLOADS : MAX_UPLOADS + 3])
        others = SAY["and_others"].format(names=first, count=97)
        sentence = SAY["not_taken"].format(names=others)
        await expect(page.get_by_role("alert")).to_have_text(sentence)
        listener.gate.set()
