"""The cookie by which the page knows a visitor: missing, blocked, malformed, guessed."""

import asyncio

import pytest

from bot.platforms.web import security
from bot.platforms.web.site import Site
from tests.support.fake_app import LINK
from tests.support.web_visitors import ANN, BOB, Client, joining
from tests.unit.platforms.web.requests import ID, history, say
from tests.unit.platforms.web.two_visitors import ann, app, site

__all__ = ["ann", "app", "site"]


async def test_first_requests_at_once_without_a_cookie_are_two_visitors_of_whom_one_stays(
    ann: Client,
) -> None:
    """The page therefore asks for its history before it sends anything else."""
    async with joining(ann, None) as browser:
        (one,), (two,) = await asyncio.gather(
            say(browser, LINK, "message-1"), say(browser, LINK, "message-2")
        )
        (kept,) = await history(browser)
        assert kept["card"] in (one, two)
        (third,) = await say(browser, LINK, "message-3")
        assert [shown["card"] for shown in await history(browser)] == [kept["card"], third]


async def test_one_request_has_one_visitor_and_its_cookie(ann: Client) -> None:
    async with joining(ann, None) as browser:
        async with browser.get("/api/history") as response:
            visitor = response.cookies[security.COOKIE].value
        await say(browser, LINK)
    async with joining(ann, visitor) as again:
        assert len(await history(again)) == 1


async def test_browser_that_blocks_cookies_is_answered_and_has_no_history(
    site: Site, ann: Client
) -> None:
    async with joining(ann, None) as browser:
        (card,) = await say(browser, LINK)
        browser.cookie_jar.clear()  # type: ignore[attr-defined]
        assert await history(browser) == []
        browser.cookie_jar.clear()  # type: ignore[attr-defined]
        body = {"card": card["id"], "kind": "choice", "genre": "jazz", "added": True}
        async with browser.post("/api/votes", json=body) as response:
            text = await response.text()
            assert response.status == (404 if site.is_public else 200)
        assert ("cookies" in text) is site.is_public


@pytest.mark.parametrize(
    "cookie",
    [
        f"{security.COOKIE}={ANN.upper()}",
        f"{security.COOKIE}={ANN}0",
        f"{security.COOKIE}={ANN[:-1]}",
        f"{security.COOKIE}={ANN[:-1]}b",
        f"{security.COOKIE}={ANN};{security.COOKIE}=x",
        f"{security.COOKIE.upper()}={ANN}",
        f'{security.COOKIE}="\\141{ANN[1:]}\\"',
        f"{security.COOKIE}=%61{ANN[1:]}",
        f"{security.COOKIE}={chr(0x661) * 32}",
        f"{security.COOKIE}=../{ANN}",
        f"{security.COOKIE}=",
        security.COOKIE,
        "=" * 1000,
        ";" * 4000,
        "a=b; " * 1000,
    ],
)
async def test_cookie_that_is_not_the_visitors_shows_nothing(ann: Client, cookie: str) -> None:
    await say(ann, LINK)
    async with joining(ann, None) as stranger:
        headers = {"Cookie": cookie}
        for path in ("/api/history", f"/api/replies/{ID}"):
            async with stranger.get(path, headers=headers) as response:
                assert response.status == 200
                assert list((await response.json()).values()) == [[]]
                assert response.cookies[security.COOKIE].value != ANN
        async with stranger.get(f"/api/progress/{ID}", headers=headers) as response:
            assert await response.json() == {"text": None}
    assert len(await history(ann)) == 1


@pytest.mark.parametrize("length", [9_000, 60_000])
async def test_huge_cookie_is_refused_and_the_page_goes_on(ann: Client, length: int) -> None:
    async with joining(ann, None) as stranger:
        headers = {"Cookie": f"{security.COOKIE}={'a' * length}"}
        async with stranger.get("/api/history", headers=headers) as response:
            assert response.status == 400
    assert await history(ann) == []


async def test_guessed_visitor_is_somebody_else(ann: Client) -> None:
    await say(ann, LINK)
    for guess in ("0" * 32, "f" * 32, ANN[::-1].replace("a", "c"), BOB):
        async with joining(ann, guess) as stranger:
            assert await history(stranger) == []
