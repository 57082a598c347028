"""What browsers and crawlers find where there is nothing."""

import html

import pytest

from bot.texts import http, song_page
from tests.unit.platforms.web.conftest import Client
from tests.unit.platforms.web.song_pages import Head

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
NOTHING = ["/nothing", "/api/nothing", "/cards/99.png", "/charts/99.png", "/songs/x"]


@pytest.mark.parametrize("path", NOTHING)
async def test_browser_gets_a_page_with_a_search_field(client: Client, path: str) -> None:
    async with client.get(path, headers=BROWSER) as response:
        assert response.status == 404
        assert response.content_type == "text/html"
        assert response.headers["X-Robots-Tag"] == "noindex"
        assert response.headers["Cache-Control"] == "no-store"
        text = await response.text()
    assert song_page.UNKNOWN in Head(text).title
    assert 'action="/search"' in text


@pytest.mark.parametrize("path", NOTHING)
@pytest.mark.parametrize("accept", ["*/*", "application/json", "image/avif,*/*;q=0.8", "text/css"])
async def test_program_gets_a_notice(client: Client, path: str, accept: str) -> None:
    async with client.get(path, headers={"Accept": accept}) as response:
        assert response.status == 404
        assert (await response.json())["notice"]["text"]


async def test_other_methods_and_programs_get_notices(client: Client) -> None:
    async with client.post("/nothing", headers=BROWSER) as response:
        assert (await response.json())["notice"]["text"] == http.NOT_FOUND
    async with client.get("/charts/1.png?theme=pink") as response:
        assert response.status == 400
        notice = (await response.json())["notice"]
    assert notice["code"] == "malformed"
    async with client.get("/charts/1.png?theme=pink", headers=BROWSER) as response:
        assert response.status == 400
        assert notice["text"] in html.unescape(await response.text())


async def test_page_where_nothing_is_has_no_body_for_head(client: Client) -> None:
    async with client.head("/nothing", headers=BROWSER) as response:
        assert (response.status, await response.read()) == (404, b"")


async def test_crawlers_may_read_songs_only(client: Client) -> None:
    async with client.get("/robots.txt") as response:
        assert response.content_type == "text/plain"
        rules = (await response.text()).splitlines()
    assert rules[0] == "User-agent: *"
    assert "Allow: /song/" in rules
    paths = ("/api/", "/cards/", "/charts/", "/compare?", "/search?", "/whatif?")
    assert {f"Disallow: {path}" for path in paths} == set(rules[2:])
