"""`make picture`: pictures of a card after votes in Slack's style, for docs/slack.md.

python -m tests.browser.slack_picture FOLDER

The card is that of Slack's adapter, drawn by `tests.browser.slack_html`.
"""

import asyncio
import shutil
import sys
from pathlib import Path

from playwright.async_api import async_playwright

from bot import texts
from bot.domain.cards import Theme, offered_genres
from bot.domain.places import Place
from bot.platforms.slack import emoji_names, present_card
from bot.services.services import Services
from tests.browser import slack_html
from tests.browser.conftest import ARGUMENTS
from tests.browser.pictures import take_picture
from tests.pictures import made

WIDTHS = {"slack-card.png": 680, "slack-card-phone.png": 360}
"""Width of the page in CSS pixels, by file name."""

HEIGHT = 1100
PLACE = Place("slack", "T1", "C1")


async def main(folder: Path) -> None:
    """Answer a link, vote, and make pictures of the card for a desktop and a phone."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("chromium is not installed: make system")
    async with made.open_services() as services:
        page = await card_page(services)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for name, width in WIDTHS.items():
            tab = await browser.new_page(
                viewport={"width": width, "height": HEIGHT}, device_scale_factor=2
            )
            await tab.set_content(page)
            await take_picture(tab.locator("main"), folder / name)
        await browser.close()


async def card_page(services: Services) -> str:
    """Return the page with a card, its chart and what its voters said."""
    card = await made.voted_card(services, PLACE)
    chart = await services.cards.chart(card, Theme.LIGHT)
    tally = await services.voting.tally(card.id)
    blocks = present_card.card(card, tally, frozenset())
    names = (emoji_names.RIGHT, *map(emoji_names.GENRES.__getitem__, offered_genres(card.answer)))
    page = slack_html.page(
        [
            slack_html.Message(text=made.LINK, author="Ann", time="9:40 AM"),
            slack_html.Message(blocks, reactions=[(name, 1) for name in names]),
            slack_html.Message(picture=chart, title=texts.headline(card.answer.subject)),
        ]
    )
    return page.replace(made.COVER_ADDRESS, slack_html.png(made.cover()))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
