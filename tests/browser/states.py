"""Every page of the web platform in every state, for tests of all of them.

To add a page, add a line to `STATES`; to add a state, a line and a function that leads to it.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.runtime import composition
from bot.texts.site import FRAME
from bot.texts.web_card import CARD
from bot.texts.web_page import PAGE as SAY
from bot.texts.web_page import SCRIPT
from tests.browser.chat import say
from tests.browser.conftest import Serve
from tests.support.bot_process import offline_settings
from tests.support.factories import HEROES, OLD_TOWN_ROAD
from tests.support.fake_app import FakeApp
from tests.support.fake_services import PngRenderer, plain_png

ALBUM_LINK = "https://www.deezer.com/album/101"
SONG = f"/song/{OLD_TOWN_ROAD}"


async def stay(page: Page) -> None:
    """The page as it is loaded."""
    await page.wait_for_load_state("load")


async def empty(page: Page) -> None:
    await expect(page.locator("#examples li").first).to_be_visible()


async def commands(page: Page) -> None:
    await empty(page)
    await page.get_by_role("textbox", name=SAY["composer"]).fill("/")
    await expect(page.get_by_role("listbox")).to_be_visible()


async def suggestions(page: Page) -> None:
    await empty(page)
    await page.get_by_label(SAY["composer"]).press_sequentially("old to")
    await expect(page.get_by_role("option").first).to_be_visible()


async def suggested(page: Page) -> None:
    await page.get_by_label(FRAME["search"]).first.press_sequentially("old to")
    await expect(page.get_by_role("option").first).to_be_visible()


async def song(page: Page) -> None:
    await expect(page.get_by_role("radio").first).to_be_visible()
    await expect(page.locator(".chart.drawn")).to_have_count(1)


async def listening(page: Page) -> None:
    await empty(page)
    await page.route("**/api/messages", lambda _: None)  # never answered
    await say(page, "heroes")
    await expect(page.get_by_text(SCRIPT["listening"])).to_be_visible()


async def card(page: Page) -> None:
    await say(page, "/genre old town road")
    await expect(page.locator(".chart.drawn")).to_have_count(1)


async def voted(page: Page) -> None:
    await card(page)
    shown = page.get_by_role("article")
    await shown.get_by_role("combobox").select_option("classical")
    await expect(shown.get_by_role("button", name=CARD["take_back"])).to_be_visible()
    await shown.get_by_text(CARD["details"]).click()


async def notices(page: Page) -> None:
    await say(page, "hello")
    await expect(page.locator(".bubble:visible")).to_have_count(1)
    await say(page, "/help")
    await expect(page.locator(".help")).to_be_visible()


async def summary(page: Page) -> None:
    await say(page, ALBUM_LINK)
    await expect(page.locator(".chart.drawn")).to_have_count(1)


async def offline(page: Page) -> None:
    await empty(page)
    await page.context.set_offline(True)
    await say(page, "heroes")
    await expect(page.locator("#banner")).to_be_visible()


async def rejected(page: Page) -> None:
    await empty(page)
    await say(page, "x" * 200_001)
    await expect(page.locator("#rejection")).to_be_visible()


@dataclass(frozen=True)
class State:
    """A page in a state.

    Attributes:
        name: Says what is displayed.
        path: Address of the page.
        reach: Leads from the loaded page to the state.
        is_fake: Whether the services are fakes, for what needs a network: albums.
        is_variant: Whether it resembles another state; its tests are marked as long.
    """

    name: str
    path: str
    reach: Callable[[Page], Awaitable[None]] = stay
    is_fake: bool = False
    is_variant: bool = False


STATES = (
    State("chat, empty", "/", empty),
    State("chat, commands", "/", commands),
    State("chat, suggestions", "/", suggestions),
    State("chat, listening", "/", listening),
    State("chat, card", "/", card, is_variant=True),
    State("chat, card after a vote, details", "/", voted),
    State("chat, notices", "/", notices),
    State("chat, summary", "/", summary, is_fake=True),
    State("chat, offline", "/", offline),
    State("chat, text too long", "/", rejected, is_variant=True),
    State("song", SONG, song),
    State("song, unknown", "/song/nothing"),
    State("search, empty", "/search", is_variant=True),
    State("search, suggestions", "/search", suggested),
    State("search, several", "/search?q=love"),
    State("search, nothing found", "/search?q=qwertyuiop", is_variant=True),
    State("compare, empty", "/compare"),
    State("compare, one song", f"/compare?a={OLD_TOWN_ROAD}", is_variant=True),
    State("compare, two songs", f"/compare?a={OLD_TOWN_ROAD}&b={HEROES}"),
    State("compare, not found", f"/compare?a={OLD_TOWN_ROAD}&b=nothing"),
    State("what if", "/whatif", is_variant=True),
    State("what if, a song", f"/whatif?song={OLD_TOWN_ROAD}"),
    State("what if, corrected", "/whatif?danceability=7&tempo=unknown", is_variant=True),
)

every_state = pytest.mark.parametrize(
    "state",
    [pytest.param(s, marks=pytest.mark.long if s.is_variant else (), id=s.name) for s in STATES],
)


@asynccontextmanager
async def served(serve: Serve, folder: Path, *, is_fake: bool = False) -> AsyncIterator[str]:
    """Serve the page; yield its address without a slash at its end.

    The services are real, with an empty database in `folder` and no network, or fakes.
    """
    async with AsyncExitStack() as stack:
        if is_fake:
            services = FakeApp(PngRenderer(plain_png())).services
        else:
            opening = composition.open_services(offline_settings(folder))
            services = (await stack.enter_async_context(opening)).services
        yield await stack.enter_async_context(serve(services))
