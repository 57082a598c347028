"""`make picture`: pictures of a card after votes in Slack's style, for docs/slack.md.

python -m tests.browser.slack_picture FOLDER

The card is that of Slack's adapter, drawn by `tests.browser.slack_html`.
"""

import asyncio
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from playwright.async_api import async_playwright

from bot import texts
from bot.domain.cards import Card, Theme
from bot.domain.places import Message, Place
from bot.domain.tracks import Track
from bot.domain.votes import Vote, VoteKind
from bot.platforms.slack import emoji_names, present_card
from bot.runtime import composition
from bot.runtime.settings import Settings
from bot.services.services import Services
from tests.browser import slack_html
from tests.browser.conftest import ARGUMENTS
from tests.browser.pictures import take_picture
from tests.support.factories import OLD_TOWN_ROAD

WIDTHS = {"slack-card.png": 680, "slack-card-phone.png": 360}
"""Width of the page in CSS pixels, by file name."""

HEIGHT = 1100
PLACE = Place("slack", "T1", "C1")
ADDRESS = "https://i.scdn.co/image/0"
"""Stands for the address of the cover, which is not fetched."""


async def main(folder: Path) -> None:
    """Answer a link, vote, and make pictures of the card for a desktop and a phone."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("chromium is not installed: make system")
    with tempfile.TemporaryDirectory() as data:
        async with composition.open_services(Settings(data_dir=Path(data))) as opened:
            page = await card_page(opened.services)
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
    link = f"https://open.spotify.com/track/{OLD_TOWN_ROAD}"
    message = Message(PLACE, "1.1", "ann", link)
    (card,) = await services.group_chat.on_message(message, addressed=True)
    assert isinstance(card, Card)
    for person, genre in (("ann", "country"), ("ben", "country"), ("cleo", None)):
        vote = Vote(PLACE, card.id, person, VoteKind.CHOICE, genre)
        await services.voting.record(vote)
    chart = await services.cards.chart(card, Theme.LIGHT)
    subject = card.answer.subject
    assert isinstance(subject, Track)
    shown = replace(card, answer=replace(card.answer, subject=replace(subject, image=ADDRESS)))
    blocks = present_card.card(shown, await services.voting.tally(card.id), frozenset())
    genres = list(card.answer.prediction.genres)[:3]
    names = (emoji_names.RIGHT, *(emoji_names.GENRES[genre] for genre in genres))
    page = slack_html.page(
        [
            slack_html.Message(text=link, author="Ann", time="9:40 AM"),
            slack_html.Message(blocks, reactions=[(name, 1) for name in names]),
            slack_html.Message(picture=chart, title=texts.headline(subject)),
        ]
    )
    return page.replace(ADDRESS, slack_html.COVER)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
