"""Bytes on the wire until the first card is displayed, as Chromium counts them."""

from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, expect

from tests.browser.chat import say
from tests.browser.conftest import NewContext, Serve
from tests.browser.states import SONG, served

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LIMIT = 200_000
"""Bytes of the first card, with all that the page needs for it."""


class Traffic:
    """Counts the bytes of responses, heads included, by path.

    See https://chromedevtools.github.io/devtools-protocol/tot/Network/.
    """

    def __init__(self) -> None:
        self.bytes: Counter[str] = Counter()
        self.failed: list[str] = []
        self.plain: list[str] = []
        self._paths: dict[str, str] = {}

    async def follow(self, page: Page) -> None:
        """Count from now on."""
        browser = await page.context.new_cdp_session(page)
        browser.on("Network.responseReceived", self._on_response)
        browser.on("Network.loadingFinished", self._on_finished)
        await browser.send("Network.enable")

    def _on_response(self, event: dict[str, Any]) -> None:
        response = event["response"]
        path = self._paths[event["requestId"]] = urlsplit(response["url"]).path
        headers = {name.lower() for name in response["headers"]}
        if response["status"] >= 400:
            self.failed.append(path)
        if path.endswith((".js", ".css")) and "content-encoding" not in headers:
            self.plain.append(path)

    def _on_finished(self, event: dict[str, Any]) -> None:
        path = self._paths.get(event["requestId"], "unknown")
        self.bytes[path] += int(event["encodedDataLength"])


@pytest.mark.parametrize("path", ["/", SONG])
async def test_first_card_is_light(
    serve: Serve, new_context: NewContext, tmp_path: Path, path: str
) -> None:
    async with served(serve, tmp_path) as address:
        page = await (await new_context(color_scheme="dark")).new_page()
        traffic = Traffic()
        await traffic.follow(page)
        await page.goto(address + path)
        if path == "/":
            await say(page, "/genre old town road")
            await expect(page.locator(".chart.drawn")).to_have_count(1)
        await expect(page.get_by_role("article")).to_be_visible()
        await page.wait_for_load_state("networkidle")
    split = "\n".join(f"{size:7} {name}" for name, size in traffic.bytes.most_common())
    assert traffic.failed == []
    assert traffic.plain == []
    assert 0 < traffic.bytes[path] < traffic.bytes.total() < LIMIT, split
