"""Every page of the web platform in every state, for tests of all of them.

To add a page, add a line to `STATES`; to add a state, a line and a function that leads to it.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page, expect

from bot.runtime import composition
from bot.texts.web_card import CARD
from bot.texts.web_page import PAGE as SAY
from tests.browser.chat import say
from tests.browser.conftest import Serve
from tests.support.bot_process import offline_settings
from tests.support.factories import OLD_TOWN_ROAD
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


async def listening(page: Page) -> None:
    await empty(page)
    await page.route("**/api/messages", lambda _: None)  # never answered
    await say(page, "heroes")
    await expect(page.get_by_text(SAY["listening"])).to_be_visible()


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
    """

    name: str
    path: str
    reach: Callable[[Page], Awaitable[None]] = stay
    is_fake: bool = False


STATES = (
    State("chat, empty", "/", empty),
    State("chat, commands", "/", commands),
    State("chat, listening", "/", listening),
    State("chat, card", "/", card),
    State("chat, card after a vote, details", "/", voted),
    State("chat, notices", "/", notices),
    State("chat, summary", "/", summary, is_fake=True),
    State("chat, offline", "/", offline),
    State("chat, text too long", "/", rejected),
    State("song", SONG),
    State("song, unknown", "/song/nothing"),
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
