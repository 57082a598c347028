"""Sound files on the page, in a real browser: dropped, picked, pasted."""

import pytest
from playwright.async_api import expect

from bot import texts
from bot.domain.sound_ports import MAX_UPLOAD_BYTES
from bot.texts import web_page
from tests.browser.chat import expect_fit
from tests.browser.conftest import NewPage, Serve
from tests.browser.sound_steps import PASTE, drag, drop, file, file_dialogs, give, next_dialog
from tests.support.fake_app import FakeApp
from tests.support.fake_listener import DAMAGED, MUSIC, SPEECH

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SAY = {**web_page.PAGE, **web_page.SCRIPT}
LONG_NAME = "Quite_a_long_name_of_a_file_" * 20 + ".mp3"


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
        assert await card.locator("a:not([download])").count() == 0
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


async def test_long_names_are_cut_with_an_ellipsis(serve: Serve, new_page: NewPage) -> None:
    app = FakeApp()
    app.listener.title = ""
    async with serve(app) as address:
        page = await new_page(address)
        for number, name in enumerate(("L" * 300 + ".mp3", "𝄞" * 300 + ".flac")):
            await give(page, file(name, MUSIC))
            shown = await page.locator(".file").nth(number).text_content() or ""
            stem, cut, suffix = shown.partition("…")
            assert (len(shown), cut) == (120, "…")
            assert name.startswith(stem)
            assert suffix in {".mp3", ".flac"}
            heading = page.get_by_role("article").nth(number).get_by_role("heading")
            await expect(heading).to_have_text(stem + "…")


async def test_files_do_not_overflow(serve: Serve, new_page: NewPage) -> None:
    app = FakeApp()
    async with serve(app) as address:
        page = await new_page(address)
        await expect_fit(page, 320)
        await give(page, file(LONG_NAME, MUSIC), file("<img src=x>\u202egnp.mp3", DAMAGED))
        await expect(page.get_by_role("article")).to_have_count(1)
        await expect(page.get_by_text("I can't play “<img src=x> gnp.mp3”")).to_be_visible()
        assert "\u202e" not in (await page.locator(".file").last.text_content() or "")
        await drag(page, ["a.mp3"], "dragenter")
        await expect(page.get_by_text(SAY["drop_now"])).to_be_visible()
        await expect_fit(page, 320, 360, 1280)
