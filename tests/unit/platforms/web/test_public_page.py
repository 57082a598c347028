"""What a page for everyone says, keeps of sound files, and tells its operator."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot import texts
from bot.domain.votes import Forgotten
from bot.platforms.web import present
from bot.platforms.web.ids import PLACE, PUBLIC_PLACE
from bot.platforms.web.platform import WebPlatform
from bot.platforms.web.site import Site
from bot.texts import public_page, web_page
from bot.texts.details import NOTHING_KEPT
from tests.support.fake_app import FakeApp
from tests.support.fake_listener import MUSIC, heard
from tests.support.fake_services import FakeServices
from tests.unit.platforms.web.conftest import Client
from tests.unit.platforms.web.dropped import BYTES, address
from tests.unit.platforms.web.public import HOST, SITE, URL, serving, visit
from tests.unit.platforms.web.requests import ID
from tests.unit.platforms.web.test_platform import running

WRONG = ("this computer", "without a network", "the bot", "terminal")
"""What is true on one's own computer alone."""


@pytest.fixture
def app() -> FakeApp:
    return FakeApp()


@pytest.fixture
async def public(app: FakeApp) -> AsyncIterator[Client]:
    async with serving(app.services) as running:
        yield running


async def drop(client: Client, visitor: int = 7, name: str = "My demo.mp3") -> present.Json:
    url = address(name, message_id=f"{ID}-{visitor}")
    async with client.post(url, data=MUSIC, headers=visit(visitor) | BYTES) as response:
        assert response.status == 200, await response.text()
        (card,) = (await response.json())["replies"]
        found: present.Json = card
        return found


async def test_of_a_strangers_file_nothing_is_stored_but_the_answer(
    public: Client, app: FakeApp
) -> None:
    card = await drop(public)
    stored = await app.predictions.get(card["id"], PUBLIC_PLACE)
    assert stored is not None
    assert "demo" not in repr(stored)
    assert stored.answer.heard == heard().without_content()
    assert stored.answer.subject.title == texts.sound_title(None)
    assert NOTHING_KEPT in card["small_print"]


async def test_card_says_what_was_heard_although_it_is_not_stored(
    public: Client, app: FakeApp
) -> None:
    card = await drop(public)
    assert "guitar" in card["heard"]
    async with public.get("/api/history", headers=visit()) as response:
        (shown,) = (await response.json())["shown"]
    assert shown["card"]["heard"] == card["heard"]
    assert "guitar" not in repr(app.predictions.cards[card["id"]])


async def test_files_of_all_strangers_have_the_turns_of_one_person(
    public: Client, app: FakeApp
) -> None:
    for visitor in range(3):
        public.session.cookie_jar.clear()
        await drop(public, visitor)
    assert len(set(app.listener.groups)) == 1


async def test_of_a_file_on_ones_own_computer_all_is_stored(app: FakeApp) -> None:
    async with (
        serving(app.services, Site()) as local,
        local.post(address("My demo.mp3"), data=MUSIC, headers=BYTES) as response,
    ):
        (card,) = (await response.json())["replies"]
    stored = await app.predictions.get(card["id"], PLACE)
    assert stored is not None
    assert stored.answer.heard == heard()


def test_words_of_both_pages_are_for_the_same_places() -> None:
    assert web_page.PAGE.keys() == web_page.PUBLIC_PAGE.keys()
    assert web_page.SCRIPT.keys() == web_page.PUBLIC_SCRIPT.keys()
    words = [*web_page.PUBLIC_PAGE.values(), *web_page.PUBLIC_SCRIPT.values()]
    said = " ".join([*words, web_page.PUBLIC_HELP])
    assert [word for word in WRONG if word in said] == []
    assert "/forget-me" in web_page.KEPT


async def test_page_says_what_is_kept_and_how_to_delete_it(public: Client, client: Client) -> None:
    for path in ("/", "/song/spotify-2YpeDb67231RjR0MgVLzsG"):
        async with public.get(path, headers=visit()) as response:
            text = await response.text()
            assert web_page.KEPT in text
            assert not [word for word in WRONG if word in text]
        async with client.get(path) as response:
            assert web_page.KEPT not in await response.text()


@pytest.mark.parametrize(("site", "help_"), [(SITE, web_page.PUBLIC_HELP), (Site(), web_page.HELP)])
async def test_help_is_that_of_the_page(fake: FakeServices, site: Site, help_: str) -> None:
    async with serving(fake.services, site) as client:
        body, headers = {"id": ID, "text": "/help"}, visit() if site.is_public else {}
        async with client.post("/api/messages", json=body, headers=headers) as response:
            (notice,) = (await response.json())["replies"]
    assert notice["text"] == help_


async def test_forget_me_is_about_the_visitor_of_this_page(public: Client) -> None:
    card = await drop(public)
    vote = {"card": card["id"], "kind": "choice", "genre": "country", "added": True}
    async with public.post("/api/votes", json=vote, headers=visit()) as response:
        assert response.status == 200
    body = {"id": f"{ID}-f", "text": "/forget-me"}
    async with public.post("/api/messages", json=body, headers=visit()) as response:
        (notice,) = (await response.json())["replies"]
    assert notice["text"] == texts.data_deleted(Forgotten(1))


async def test_cards_of_this_computer_are_unknown_on_the_public_page(app: FakeApp) -> None:
    link = {"id": ID, "text": "https://open.spotify.com/track/2YpeDb67231RjR0MgVLzsG"}
    async with (
        serving(app.services, Site()) as local,
        local.post("/api/messages", json=link) as reply,
    ):
        (card,) = (await reply.json())["replies"]
    vote = {"card": card["id"], "kind": "choice", "genre": "country", "added": True}
    async with serving(app.services) as public:
        for path in (card["chart"]["dark"], f"/cards/{card['id']}.png"):
            async with public.get(path, headers=visit()) as response:
                assert response.status == 404
        async with public.post("/api/votes", json=vote, headers=visit()) as response:
            assert response.status == 404
        async with public.get("/api/history", headers=visit()) as response:
            assert (await response.json())["shown"] == []


@pytest.mark.parametrize("url", [URL, None])
async def test_ready_line_says_for_whom_the_page_is(
    fake: FakeServices, caplog: pytest.LogCaptureFixture, url: str | None
) -> None:
    with caplog.at_level(logging.WARNING):
        async with running(WebPlatform(replace(SITE, url=url), port=0), fake) as line:
            assert "open to everyone" in line
            assert (HOST in line) == (url is not None)
    said = [record.message for record in caplog.records]
    assert (public_page.NO_URL in said) == (url is None)
