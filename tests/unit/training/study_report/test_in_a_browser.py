"""The page as a reader has it before them: on a phone and on a desk, by day and by night."""

import os
import shutil
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.async_api import async_playwright

from training.study.report import write
from training.study.results import Report

pytestmark = pytest.mark.browser

ARGUMENTS = ("--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking")
BACKGROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 22, 28)"}


@pytest.fixture(scope="module")
def chromium() -> str:
    """The path of a Chromium; skips the tests where there is none."""
    path = (
        os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    )
    if path is None:
        pytest.skip("there is no chromium on this machine (Debian: apt-get install chromium)")
    return path


@pytest.fixture
def address(report: Report, tmp_path: Path) -> str:
    """Where the page stands."""
    return write(report, tmp_path).as_uri()


async def look(chromium: str, address: str, script: str, **options: Any) -> tuple[Any, list[str]]:
    """Open a page and return what a script finds there, and whatever was fetched or went wrong."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = await browser.new_page(**options)
        amiss: list[str] = []
        page.on("console", lambda message: amiss.append(message.text))
        page.on("request", lambda request: amiss.append(request.url))
        await page.goto(address)
        await page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found = await page.evaluate(script)
        await browser.close()
        amiss.remove(address)
        return found, amiss


@pytest.mark.parametrize(
    ("width", "theme"), [(360, "dark"), (360, "light"), (768, "dark"), (1280, "light")]
)
async def test_the_page_fits_its_screen_and_fetches_nothing(
    chromium: str, address: str, width: int, theme: Literal["light", "dark"]
) -> None:
    script = (
        "[document.documentElement.scrollWidth, getComputedStyle(document.body).backgroundColor]"
    )

    (wide, background), amiss = await look(
        chromium,
        address,
        script,
        viewport={"width": width, "height": 800},
        color_scheme=theme,
    )

    assert wide <= width
    assert background == BACKGROUNDS[theme]
    assert amiss == []


async def test_text_in_charts_can_be_read_on_a_phone(chromium: str, address: str) -> None:
    script = """[...document.querySelectorAll("svg[role=img] text")].map(text =>
        parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a)"""

    sizes, _ = await look(chromium, address, script, viewport={"width": 360, "height": 800})

    assert len(sizes) > 100
    assert min(sizes) >= 9
