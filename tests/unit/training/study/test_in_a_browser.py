"""The page in a browser: at several widths, in both themes, by touch and without scripts."""

import os
import shutil
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.async_api import async_playwright

pytestmark = [pytest.mark.browser, pytest.mark.long]

ARGUMENTS = ("--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking")
BACKGROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 22, 28)"}
DRAWN = (
    "() => document.querySelectorAll('.drawing svg').length == "
    "document.querySelectorAll('.drawing').length"
)
OPEN_ALL = "document.querySelectorAll('details').forEach(one => one.open = true)"
WIDTH_AND_BACKGROUND = (
    "[document.documentElement.scrollWidth, getComputedStyle(document.body).backgroundColor]"
)


@pytest.fixture(scope="module")
def chromium() -> str:
    """Return the path of Chromium; skips the test if it is not installed."""
    path = (
        os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    )
    if path is None:
        pytest.skip("chromium is not installed (Debian: apt-get install chromium)")
    return path


@pytest.fixture(scope="module")
def address(written: Path) -> str:
    """Return the URL of the page."""
    return written.as_uri()


async def evaluate(
    chromium: str, address: str, script: str, *, tap: str = "", **options: Any
) -> tuple[Any, list[str]]:
    """Open a page; return the result of a script, and the page's requests, messages and errors."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = await browser.new_page(**options)
        events: list[str] = []
        page.on("console", lambda message: events.append(message.text))
        page.on("pageerror", lambda error: events.append(str(error)))
        page.on("request", lambda request: events.append(request.url))
        await page.goto(address)
        if options.get("java_script_enabled", True):
            await page.wait_for_function(DRAWN)
        if tap:
            await page.locator(tap).first.tap()
            await page.wait_for_selector("#vg-tooltip-element.visible")
        found = await page.evaluate(script)
        await browser.close()
        events.remove(address)
        return found, events


@pytest.mark.parametrize(("width", "theme"), [(360, "dark"), (1280, "light")])
async def test_every_chart_is_drawn_and_the_page_fits(
    chromium: str, address: str, width: int, theme: Literal["light", "dark"]
) -> None:
    viewport = {"width": width, "height": 800}
    script = f"{OPEN_ALL}, {WIDTH_AND_BACKGROUND}"

    (wide, background), events = await evaluate(
        chromium, address, script, viewport=viewport, color_scheme=theme
    )

    assert wide <= width
    assert background == BACKGROUNDS[theme]
    assert events == []  # no request, no error under the page's policy


async def test_charts_fit_a_phone_and_answer_a_tap(chromium: str, address: str) -> None:
    script = """[...document.querySelectorAll(".drawing svg")].map(one => [
        one.getBoundingClientRect().right,
        Math.min(...[...one.querySelectorAll("text")].map(
            text => parseFloat(getComputedStyle(text).fontSize)))])"""

    charts, _ = await evaluate(
        chromium,
        address,
        script,
        tap=".drawing .mark-rect path",
        viewport={"width": 360, "height": 800},
        has_touch=True,
    )

    assert len(charts) > 35
    assert max(right for right, _ in charts) <= 360
    assert min(size for _, size in charts) >= 9


async def test_page_makes_sense_without_scripts(chromium: str, address: str) -> None:
    script = "[document.querySelectorAll('h3').length, document.querySelectorAll('table').length]"

    (titles, tables), _ = await evaluate(chromium, address, script, java_script_enabled=False)

    assert titles > 15
    assert tables > 15
