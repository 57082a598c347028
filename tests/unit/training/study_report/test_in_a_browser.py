"""Tests of the page in a browser, at several widths and in both themes."""

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
    """Return the path of Chromium; skips the test if it is not installed."""
    path = (
        os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    )
    if path is None:
        pytest.skip("chromium is not installed (Debian: apt-get install chromium)")
    return path


@pytest.fixture
def address(report: Report, tmp_path: Path) -> str:
    """Return the URL of the page."""
    return write(report, tmp_path).as_uri()


async def evaluate(
    chromium: str, address: str, script: str, **options: Any
) -> tuple[Any, list[str]]:
    """Open a page; return the result of a script, and the page's requests and console messages."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = await browser.new_page(**options)
        events: list[str] = []
        page.on("console", lambda message: events.append(message.text))
        page.on("request", lambda request: events.append(request.url))
        await page.goto(address)
        await page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found = await page.evaluate(script)
        await browser.close()
        events.remove(address)
        return found, events


@pytest.mark.parametrize(
    ("width", "theme"), [(360, "dark"), (360, "light"), (768, "dark"), (1280, "light")]
)
async def test_page_fits_the_screen_and_makes_no_requests(
    chromium: str, address: str, width: int, theme: Literal["light", "dark"]
) -> None:
    script = (
        "[document.documentElement.scrollWidth, getComputedStyle(document.body).backgroundColor]"
    )

    (wide, background), events = await evaluate(
        chromium,
        address,
        script,
        viewport={"width": width, "height": 800},
        color_scheme=theme,
    )

    assert wide <= width
    assert background == BACKGROUNDS[theme]
    assert events == []


async def test_chart_text_is_legible_on_a_phone(chromium: str, address: str) -> None:
    script = """[...document.querySelectorAll("svg[role=img] text")].map(text =>
        parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a)"""

    sizes, _ = await evaluate(chromium, address, script, viewport={"width": 360, "height": 800})

    assert len(sizes) > 100
    assert min(sizes) >= 9
