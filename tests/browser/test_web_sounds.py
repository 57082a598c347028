"""Sound files on the page, in a real browser: dropped, picked, pasted."""

import asyncio
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

import pytest
from playwright.async_api import FileChooser, FilePayload, Page, Route, expect

from bot import texts
from bot.domain.sound_ports import MAX_UPLOAD_BYTES, MAX_UPLOADS
from bot.texts import web_page
from tests.browser.chat import overflowing
from tests.browser.conftest import STEP_TIMEOUT, NewPage, Serve
from tests.support.fake_app import FakeApp
from tests.support.fake_listener import DAMAGED, MUSIC, SPEECH
from tests.support.gated_listener import GatedListener

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SAY = web_page.PAGE
LONG_NAME = "Quite_a_long_name_of_a_file_" * 20 + ".mp3"

DRAG = """([names, events, size]) => {
    const transfer = new DataTransfer();
    for (const name of names) {
        const content = size ? [new Uint8Array(size)] : ['music\\n'];
        transfer.items.add(new File(content, name));
    }
    for (const name of events) {
        const cover = document.getElementById('drop');
        const target = cover.hidden ? document.getElementById('draft') : cover;
        const options = { bubbles: true, cancelable: true, dataTransfer: transfer };
        target.dispatchEvent(new DragEvent(name, options));
    }
}"""
"""Drags files over the page, to where the pointer would find an element."""

PASTE = """([name, type]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['music\\n'], name, { type }));
    const options = { bubbles: true, cancelable: true, clipboardData: transfer };
    document.getElementById('draft').dispatchEvent(new ClipboardEvent('paste', options));
}"""


async def drag(page: Page, names: Iterable[str], *events: str, size: int = 0) -> None:
    await page.evaluate(DRAG, [list(names), list(events), size])


async def drop(page: Page, *names: str, size: int = 0) -> None:
    await drag(page, names, "dragenter", "dragover", "drop", size=size)


def file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "audio/mpeg", "buffer": content}


async def give(page: Page, *files: FilePayload) -> None:
    await page.locator("#files").set_input_files(list(files))


def file_dialogs(page: Page) -> "asyncio.Queue[FileChooser]":
    """Return the dialogs that the page opens from now on.

    A dialog that is asked for together with its press may be missed, as the browser is told late.
    """
    dialogs: asyncio.Queue[FileChooser] = asyncio.Queue()
    page.on("filechooser", dialogs.put_nowait)
    return dialogs


async def next_dialog(dialogs: "asyncio.Queue[FileChooser]") -> FileChooser:
    async with asyncio.timeout(STEP_TIMEOUT / 1000):
        return await dialogs.get()


async def test_file_is_dropped_anywhere_on_the_page(serve: Serve, new_page: NewPage) -> None:
    app = FakeApp()
    async with serve(app) as address:
        page = await new_page(address)
        await expect(page.get_by_text(SAY["drop_here"])).to_be_visible()
        cover = page.get_by_text(SAY["drop_now"])
        await expect(cover).to_be_hidden()
        await drag(page, ["My song.mp3"], "dragenter", "dragover")
        await expect(cover).to_be_visible()
        await drag(page, ["My song.mp3"], "drop")
        await expect(cover).to_be_hidden()
        card = page.get_by_role("article", name="A Song")
        await expect(card).to_be_visible()
        await expect(page.get_by_text("My song.mp3")).to_be_visible()
        answer = app.predictions.cards[1].answer
        await expect(card.get_by_text(texts.verdict(answer))).to_be_visible()
        await expect(card.get_by_text(texts.heard_line(answer))).to_be_visible()
        assert await card.get_by_role("link").count() == 0
        await page.reload()
        await expect(page.get_by_role("article", name="A Song")).to_have_count(1)
        await expect(page.get_by_text("My song.mp3")).to_be_visible()
    assert len(app.listener.groups) == 1


async def test_cover_goes_away_with_the_file_and_is_not_there_for_a_text(
    serve: Serve, new_page: NewPage
) -> None:
    async with serve(FakeApp()) as address:
        page = await new_page(address)
        cover = page.get_by_text(SAY["drop_now"])
        await drag(page, ["a.mp3"], "dragenter")
        await expect(cover).to_be_visible()
        await drag(page, ["a.mp3"], "dragleave")
        await expect(cover).to_be_hidden()
        await drag(page, [], "dragenter")
        await expect(cover).to_be_hidden()
        # Browsers offer a picture of the page as a file, too.
        await drag(page, ["cover.png"], "dragstart", "dragenter", "dragover", "drop")
        await expect(cover).to_be_hidden()
        await expect(page.get_by_text("cover.png")).to_have_count(0)
        await drag(page, ["a.mp3"], "dragend", "dragenter")
        await expect(cover).to_be_visible()


async def test_file_is_picked_by_keyboard(serve: Serve, new_page: NewPage) -> None:
    async with serve(FakeApp()) as address:
        page = await new_page(address)
        dialogs = file_dialogs(page)
        await page.get_by_role("textbox", name="Message").focus()
        await page.keyboard.press("Shift+Tab")
        button = page.get_by_role("button", name=SAY["pick_file"])
        await expect(button).to_be_focused()
        assert await button.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
        await page.keyboard.press("Enter")
        picked = await next_dialog(dialogs)
        assert picked.is_multiple()
        assert (await page.locator("#files").get_attribute("accept") or "").startswith("audio/*,")
        await picked.set_files([file("one.mp3", MUSIC)])
        await expect(page.get_by_role("article", name="A Song")).to_be_visible()
        await button.click()
        await (await next_dialog(dialogs)).set_files([file("one.mp3", MUSIC)])
        await expect(page.get_by_role("article", name="A Song")).to_have_count(2)


async def test_empty_page_offers_to_pick_a_file(serve: Serve, new_page: NewPage) -> None:
    async with serve(FakeApp()) as address:
        page = await new_page(address)
        dialogs = file_dialogs(page)
        await page.get_by_role("button", name=SAY["drop_here"]).click()
        await (await next_dialog(dialogs)).set_files([file("one.mp3", MUSIC)])
        await expect(page.get_by_role("article", name="A Song")).to_be_visible()
        await expect(page.get_by_text(SAY["drop_here"])).to_be_hidden()


async def test_sound_is_pasted_and_a_picture_is_not(serve: Serve, new_page: NewPage) -> None:
    app = FakeApp()
    async with serve(app) as address:
        page = await new_page(address)
        await page.evaluate(PASTE, ["picture.png", "image/png"])
        await page.evaluate(PASTE, ["pasted.FLAC", ""])
        await expect(page.get_by_role("article", name="A Song")).to_be_visible()
        await expect(page.get_by_text("picture.png")).to_have_count(0)
    assert len(app.listener.groups) == 1


async def test_files_are_heard_one_after_another_and_no_more_than_the_limit(
    serve: Serve, new_page: NewPage
) -> None:
    app = FakeApp()
    listener = GatedListener(app)
    names = [f"song {number}.mp3" for number in range(MAX_UPLOADS + 2)]
    async with serve(app) as address:
        page = await new_page(address)
        await drop(page, *names)
        await listener.arrived.wait()
        await expect(page.get_by_text(SAY["file_waits"])).to_have_count(MAX_UPLOADS - 1)
        await expect(page.get_by_text(SAY["too_many_files"])).to_be_visible()
        await expect(page.get_by_text(names[MAX_UPLOADS])).to_have_count(0)
        assert len(app.listener.groups) == 1
        listener.gate.set()
        await expect(page.get_by_role("article")).to_have_count(MAX_UPLOADS)
        shown = await page.locator(".file").all_text_contents()
        assert shown == names[:MAX_UPLOADS]
        await drop(page, names[-1])
        await expect(page.get_by_role("article")).to_have_count(MAX_UPLOADS + 1)
        await expect(page.get_by_text(SAY["too_many_files"])).to_be_hidden()


async def test_too_big_file_is_not_sent(serve: Serve, new_page: NewPage) -> None:
    async with serve(FakeApp()) as address:
        page = await new_page(address)
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url))
        await drop(page, "concert.wav", size=MAX_UPLOAD_BYTES + 1)
        await expect(page.get_by_text(web_page.FILE_TOO_BIG)).to_be_visible()
        await page.reload()
        await expect(page.get_by_text(web_page.FILE_TOO_BIG)).to_be_visible()
        assert not [url for url in sent if "/api/sounds" in url]


async def test_folder_and_unreadable_file_are_sentences(serve: Serve, new_page: NewPage) -> None:
    async with serve(FakeApp()) as address:
        page = await new_page(address)
        await page.evaluate(
            "() => { Blob.prototype.arrayBuffer = () => Promise.reject(new Error()); }"
        )
        await drop(page, "moved.mp3")
        await expect(page.get_by_text(SAY["file_unreadable"])).to_be_visible()
        await page.evaluate(
            """() => {
                DataTransferItem.prototype.webkitGetAsEntry = () => ({ isDirectory: true });
            }"""
        )
        await drop(page, "Album")
        await expect(page.get_by_role("alert")).to_have_text(SAY["folder_dropped"])
        await expect(page.get_by_role("article")).to_have_count(0)


async def test_what_is_no_music_is_a_sentence(serve: Serve, new_page: NewPage) -> None:
    async with serve(FakeApp()) as address:
        page = await new_page(address)
        await give(page, file("memo.ogg", SPEECH), file("old.mp3", DAMAGED))
        await expect(page.get_by_text("I hear speech in “memo.ogg”")).to_be_visible()
        await expect(page.get_by_text("I can't play “old.mp3”")).to_be_visible()
        await expect(page.get_by_role("article")).to_have_count(0)


async def test_how_much_is_sent_and_who_waits_is_displayed(serve: Serve, new_page: NewPage) -> None:
    app = FakeApp()
    listener = GatedListener(app)
    async with serve(app) as address:
        page = await new_page(address)
        network = await page.context.new_cdp_session(page)
        slow = {"offline": False, "latency": 0, "downloadThroughput": -1}
        await network.send("Network.enable")
        await network.send("Network.emulateNetworkConditions", slow | {"uploadThroughput": 1e6})
        await give(page, file("slow.mp3", b"queued\n" + bytes(3_000_000)))
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
    listener = GatedListener(app)
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


@pytest.mark.parametrize("width", [320, 360, 1280])
async def test_files_do_not_overflow(serve: Serve, new_page: NewPage, width: int) -> None:
    app = FakeApp()
    async with serve(app) as address:
        page = await new_page(address, viewport={"width": width, "height": 740})
        assert await overflowing(page) == []
        await give(page, file(LONG_NAME, MUSIC), file("<img src=x>\u202egnp.mp3", DAMAGED))
        await expect(page.get_by_role("article")).to_have_count(1)
        await expect(page.get_by_text("I can't play “<img src=x> gnp.mp3”")).to_be_visible()
        assert "\u202e" not in (await page.locator(".file").last.text_content() or "")
        await drag(page, ["a.mp3"], "dragenter")
        await expect(page.get_by_text(SAY["drop_now"])).to_be_visible()
        assert await overflowing(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth") == width
