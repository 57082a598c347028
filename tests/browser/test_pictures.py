"""Pictures for the documentation: nothing in them is half loaded or moves."""

import asyncio
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser, Error, Page, Route

from tests.browser.chat import ROAD
from tests.browser.conftest import NewContext, Serve
from tests.browser.picture import THEMES, take_pictures
from tests.browser.pictures import take_picture
from tests.pictures import made
from tests.support.fake_services import FakeServices

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

RED = (255, 0, 0)
SITE = "http://pictures.test/"
IMAGE = '<img src="red.png" width="80" height="80">'
BELOW = f'<div style="height: 9000px"></div>{IMAGE.replace("<img", "<img loading=lazy")}'
FADING = """<style>@keyframes fade { from { background: black } to { background: red } }
    div { width: 80px; height: 80px; animation: fade 60s forwards }</style><div></div>"""


def square(color: str) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (80, 80), color).save(buffer, "PNG")
    return buffer.getvalue()


async def open_page(new_context: NewContext, body: str, image: bytes) -> Page:
    """Return a page whose image arrives a second after the rest."""

    async def answer(route: Route) -> None:
        if route.request.url == SITE:
            await route.fulfill(content_type="text/html", body=f"<main>{body}</main>")
            return
        await asyncio.sleep(1)
        await route.fulfill(content_type="image/png", body=image)

    context = await new_context()
    await context.route(f"{SITE}**", answer)
    page = await context.new_page()
    await page.goto(SITE, wait_until="commit")
    return page


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(IMAGE, id="an image that arrives late"),
        pytest.param(BELOW, id="an image that loads only when it is near the visible part"),
        pytest.param(FADING, id="an animation"),
    ],
)
async def test_picture_is_taken_when_nothing_changes_any_more(
    new_context: NewContext, tmp_path: Path, body: str
) -> None:
    page = await open_page(new_context, body, square("red"))
    await take_picture(page.locator("main"), tmp_path / "page.png")
    with Image.open(tmp_path / "page.png") as picture:
        pixel = picture.convert("RGB").getpixel((40, picture.height - 40))
    assert pixel == RED


async def test_no_picture_is_taken_of_a_broken_image(
    new_context: NewContext, tmp_path: Path
) -> None:
    page = await open_page(new_context, IMAGE, b"not an image")
    with pytest.raises(Error, match="decode"):
        await take_picture(page.locator("main"), tmp_path / "page.png")


async def test_pictures_of_both_themes_show_the_chart_of_the_only_card(
    serve: Serve, browser: Browser, tmp_path: Path
) -> None:
    fake = FakeServices([ROAD], square("red"))
    fake.ask.songs[made.LINK.casefold()] = ROAD
    async with serve(fake) as address:
        await take_pictures(browser, address, tmp_path)
    assert len(fake.ask.asked) == 1
    for theme in THEMES:
        with Image.open(tmp_path / f"card-{theme}.png") as picture:
            assert picture.convert("RGB").getpixel((picture.width // 2, picture.height // 2)) == RED
