"""Messages, history, errors and the page's files over HTTP."""

import asyncio
import html
import json
import logging
import re

import pytest

from bot import texts
from bot.platforms.web import events, ids
from bot.texts import http
from bot.texts import web_page as sentences
from tests.support.fake_services import FakeServices
from tests.support.web_visitors import visiting
from tests.unit.platforms.web.conftest import EVIL_TITLE, Client
from tests.unit.platforms.web.requests import ID, history, say, vote


async def test_message_is_answered_with_cards(client: Client, fake: FakeServices) -> None:
    first, second = await say(client, "old town road\nheroes")
    assert first["track"]["title"] == "Old Town Road"
    assert first["verdict"] == texts.verdict(fake.cards[1].answer)
    assert first["chart"]["alt"] == texts.alt(fake.cards[1].answer)
    assert [(choice["kind"], choice["genre"]) for choice in first["options"]] == [
        ("right", "hip-hop"),
        ("choice", "country"),
        ("choice", "pop"),
    ]
    assert second["track"]["title"] == "Heroes"
    stored = [message_id for _, message_id in fake.app.messages.stored]
    assert [ids.answered_message_id(one) for one in stored] == [ID, ID]
    assert len(set(stored)) == 2


async def test_message_without_a_link_gets_a_hint(client: Client) -> None:
    (notice,) = await say(client, "hello")
    assert texts.HINT in html.unescape(notice.pop("html"))
    assert notice == {"type": "notice", "code": "hint", "text": texts.HINT}


async def test_text_that_is_a_search_asks_for_the_song_that_it_names(client: Client) -> None:
    body = {"id": ID, "text": "unknown", "search": True}
    async with client.post("/api/messages", json=body) as response:
        (notice,) = (await response.json())["replies"]
    assert notice["code"] == "track_not_found"
    async with client.post("/api/messages", json=body | {"search": "yes"}) as response:
        assert response.status == 400


async def test_repeated_message_gets_the_same_cards(client: Client, fake: FakeServices) -> None:
    first = await say(client, "heroes\nunknown")
    assert await say(client, "heroes\nunknown") == first
    assert len(fake.cards) == 1


async def test_message_repeated_while_in_flight_is_answered_once(
    client: Client, fake: FakeServices
) -> None:
    fake.ask.gate.clear()
    both = [asyncio.create_task(say(client, "heroes")) for _ in range(2)]
    await fake.ask.arrived.wait()
    fake.ask.gate.set()
    one, other = await asyncio.gather(*both)
    assert one == other
    assert len(fake.ask.asked) == 1


async def test_message_repeated_after_a_restart_gets_the_same_cards(
    client: Client, fake: FakeServices
) -> None:
    before = await say(client, "heroes\nold town road")
    async with visiting(events.build(fake.services)) as restarted:
        after = await say(restarted, "heroes\nold town road")
    assert after == before
    assert len(fake.cards) == 2


async def test_answer_is_kept_when_the_client_disconnects(
    client: Client, fake: FakeServices
) -> None:
    fake.ask.gate.clear()
    lost = asyncio.create_task(say(client, "heroes"))
    await fake.ask.arrived.wait()
    lost.cancel()
    await asyncio.gather(lost, return_exceptions=True)
    fake.ask.gate.set()
    assert len(await say(client, "heroes")) == 1
    assert len(fake.ask.asked) == 1


async def test_history_contains_only_the_visitors_own_cards_and_votes(client: Client) -> None:
    (card,) = await say(client, "heroes")
    await vote(client, card["id"], kind="choice", genre="folk")
    (shown,) = await history(client)
    assert shown["message"] == ID
    assert shown["card"]["ballot"] == {
        "active": [{"kind": "choice", "genre": "folk"}],
        "counted": "folk",
        "said": "Your vote for this song: folk.",
    }
    client.session.cookie_jar.clear()
    assert await history(client) == []
    (card,) = await say(client, "heroes")
    assert card["ballot"] == {"active": [], "counted": None, "said": ""}


async def test_unexpected_error_is_logged_without_the_message_text(
    client: Client, fake: FakeServices, caplog: pytest.LogCaptureFixture
) -> None:
    fake.ask.broken = ValueError("a private sentence")
    body = {"id": ID, "text": "a private sentence"}
    async with client.post("/api/messages", json=body) as response:
        assert response.status == 500
        answer = await response.text()
    assert json.loads(answer)["notice"]["text"] == texts.TRY_AGAIN
    assert "Traceback" not in answer
    assert "ValueError" not in answer
    (record,) = [r for r in caplog.records if r.levelno == logging.ERROR]
    assert ID in record.getMessage()
    assert "ValueError" in record.getMessage()
    assert "fake_services.py" in record.getMessage()
    assert "private" not in caplog.text
    fake.ask.broken = None
    assert await say(client, "heroes")


async def test_message_text_is_not_logged(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await say(client, "a private sentence")
    assert "private" not in caplog.text


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/", "text/html"),
        ("/static/1/page.css", "text/css"),
        ("/static/1/page.js", "text/javascript"),
        ("/static/1/card.js", "text/javascript"),
        ("/static/1/icon.svg", "image/svg+xml"),
        ("/healthz", "application/json"),
    ],
)
async def test_page_and_its_files_are_served(client: Client, path: str, content_type: str) -> None:
    async with client.get(path) as response:
        assert response.status == 200
        assert response.content_type == content_type


async def test_strings_in_the_page_are_escaped(
    fake: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sentences, "PAGE", {**sentences.PAGE, "welcome": EVIL_TITLE})
    monkeypatch.setattr(sentences, "SCRIPT", {**sentences.SCRIPT, "waiting": EVIL_TITLE})
    async with (
        visiting(events.build(fake.services)) as client,
        client.get("/") as response,
    ):
        page = await response.text()
    assert EVIL_TITLE not in page
    assert page.count("<script") == 3
    found = re.search(r'<script type="application/json" id="page-data">(.*?)</script>', page)
    assert found is not None
    strings = json.loads(found[1])["strings"]
    assert strings["waiting"] == EVIL_TITLE
    assert strings.keys() == sentences.SCRIPT.keys()


@pytest.mark.parametrize(
    ("method", "path", "status", "sentence"),
    [
        ("GET", "/nothing", 404, http.NOT_FOUND),
        ("GET", "/../server.py", 404, http.NOT_FOUND),
        ("DELETE", "/api/votes", 405, http.METHOD),
    ],
)
async def test_unknown_path_or_method_is_rejected(
    client: Client, method: str, path: str, status: int, sentence: str
) -> None:
    async with client.request(method, path) as response:
        assert response.status == status
        assert (await response.json())["notice"]["text"] == sentence
