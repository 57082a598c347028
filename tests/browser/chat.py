"""Songs, steps and expectations for tests of the page."""

from collections.abc import Iterable

from playwright.async_api import Locator, Page, expect

from bot.domain.tracks import Track
from tests.support.fake_services import FakeServices, plain_png

ROAD = Track("2YpeDb67231RjR0MgVLzsG", "Old Town Road", ("Lil Nas X",), "https://open.spotify.com")
END = Track("b" * 22, "In the End", ("Linkin Park",))
HEROES = Track(None, "Heroes", ("David Bowie",))
LONG = Track("l" * 22, "Quite a long title " * 15 + "W" * 60, ("A" * 200,))
ARABIC = Track("r" * 22, "حبيبي يا نور العين 🌹", ("عمرو دياب",))
EVIL = Track(
    "e" * 22,
    "<img src=x onerror=\"document.title='broken'\"> & 'quotes'",
    ("</script><script>document.title='broken'</script>",),
    url="javascript:alert(1)",
    image="javascript:alert(1)",
)


def services(songs: Iterable[Track] = (ROAD, END, HEROES)) -> FakeServices:
    return FakeServices(songs, plain_png())


async def say(page: Page, text: str) -> None:
    await page.get_by_role("textbox", name="Message").fill(text)
    await page.keyboard.press("Enter")


def option(page: Page | Locator, name: str) -> Locator:
    """Return the radio button of a genre."""
    return page.get_by_role("radio", name=name, exact=True)


async def choose(page: Page | Locator, name: str) -> None:
    await option(page, name).check(force=True)  # the label covers the native radio button


async def expect_choice(card: Page | Locator, *, radio: str | None, menu: str = "") -> None:
    """Expect that one radio button is checked, or an entry of the menu, or nothing."""
    for name in ("hip-hop", "country", "pop"):
        checked = expect(option(card, name))
        await (checked.to_be_checked() if name == radio else checked.not_to_be_checked())
    await expect(card.get_by_role("combobox")).to_have_value(menu)
    take_back = expect(card.get_by_role("button", name="Take back"))
    await (take_back.to_be_visible() if radio or menu else take_back.to_be_hidden())


async def expect_fit(page: Page, *widths: int) -> None:
    """Expect that nothing is wider than its place, in windows of these widths."""
    for width in widths:
        await page.set_viewport_size({"width": width, "height": 740})
        assert await overflowing(page) == [], width
        assert await page.evaluate("document.documentElement.scrollWidth") == width


async def overflowing(page: Page) -> list[str]:
    """Return the elements that are wider than their place; fields may be."""
    found: list[str] = await page.evaluate(
        """[...document.querySelectorAll('*')].filter(
            (e) => e instanceof HTMLElement && !e.matches("input")
                && e.scrollWidth > e.clientWidth + 1
                && getComputedStyle(e).overflowX !== 'hidden' && e.clientWidth > 0
                && getComputedStyle(e).display !== 'inline'
        ).map((e) => e.outerHTML.slice(0, 80))"""
    )
    return found
