"""The scenario on the page, as a person plays it in a real browser."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urljoin

from aiohttp import web
from playwright.async_api import BrowserContext, Locator, Page, expect

from bot import texts
from bot.domain.statistics import WorkspaceStats
from bot.platforms.web import events
from bot.platforms.web.ids import PLACE
from bot.runtime import composition
from bot.services.statistics import StatisticsService
from tests.browser.chat import choose, say
from tests.scenario.drivers import DisplayedCard, Reply
from tests.support.bot_process import offline_settings


class PageDriver:
    """A person who types, presses and reads."""

    def __init__(self, page: Page, statistics: StatisticsService) -> None:
        self._page = page
        self._statistics = statistics

    async def paste(self, text: str) -> Sequence[Reply]:
        turns = self._page.locator(".turn")
        before = await turns.count()
        await say(self._page, text)
        await expect(turns).to_have_count(before + 1)
        turn = turns.last
        await expect(turn.locator(".card, .bubble").first).to_be_visible()
        await expect(turn.locator(".progress")).to_have_count(0)
        cards = [await self._displayed(card) for card in await turn.get_by_role("article").all()]
        return [*cards, *await turn.locator(".replies .bubble").all_inner_texts()]

    async def vote(
        self, card: DisplayedCard, kind: str, genre: str, *, added: bool = True
    ) -> str | None:
        found = self._page.get_by_role("article").filter(
            has=self._page.locator(f'img[src*="/charts/{card.id}.png"]')
        )
        before = await found.get_by_role("status").inner_text()
        if not added:
            await found.get_by_role("button", name="Take back").click()
        elif kind == "right":
            await found.get_by_role("radio").first.check(force=True)
        elif await found.get_by_role("radio", name=genre, exact=True).count():
            await choose(found, genre)
        else:
            await found.get_by_role("combobox").select_option(genre)
        await expect(found.get_by_role("status")).not_to_have_text(before)
        return await self._counted(found)

    async def history(self) -> Sequence[DisplayedCard]:
        await self._page.reload()
        await expect(self._page.get_by_role("article").first).to_be_visible()
        return [
            await self._displayed(card) for card in await self._page.get_by_role("article").all()
        ]

    async def stats(self) -> str:
        # The page has no command for statistics.
        result = await self._statistics.of_workspace(PLACE)
        return texts.stats(result) if isinstance(result, WorkspaceStats) else result.text

    async def _displayed(self, card: Locator) -> DisplayedCard:
        address = await card.locator(".chart img").get_attribute("src") or ""
        number = re.search(r"/charts/(\d+)\.png", address)
        assert number, address
        response = await self._page.request.get(urljoin(self._page.url, address))
        return DisplayedCard(
            int(number[1]),
            await card.inner_text(),
            await response.body(),
            await self._counted(card),
        )

    async def _counted(self, card: Locator) -> str | None:
        for radio in await card.get_by_role("radio").all():
            if await radio.is_checked():
                return await radio.input_value()
        return await card.get_by_role("combobox").input_value() or None


@asynccontextmanager
async def with_bot(
    folder: Path, context: BrowserContext, port: list[int]
) -> AsyncIterator[PageDriver]:
    """Start the bot on `folder`, and open its page in a browser; a restart has the same port."""
    async with composition.open_services(offline_settings(folder)) as opened:
        runner = web.AppRunner(events.build(opened.services))
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", port[0], reuse_address=True)
            await site.start()
            port[0] = runner.addresses[0][1]
            page = await context.new_page()
            await page.goto(f"http://127.0.0.1:{port[0]}/")
            yield PageDriver(page, opened.services.statistics)
            await page.close()
        finally:
            await runner.cleanup()
