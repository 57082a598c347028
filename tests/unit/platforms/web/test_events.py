"""The HTTP endpoints, on fake services."""

import asyncio
import io
import json
import logging
import re
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot import texts
from bot.platforms.web import events
from bot.platforms.web.parsing import MAX_BODY_BYTES, MAX_TEXT_BYTES
from bot.texts import web_page as sentences
from tests.support.fake_services import FakeServices
from tests.unit.platforms.web.conftest import EVIL_TITLE, Client

ID = "1700000000000-0123456789abcdef"


async def say(client: Client, text: str, message_id: str = ID) -> list[dict[str, Any]]:
    async with client.post("/api/messages", json={"id": message_id, "text": text}) as response:
        assert response.status == 200, await response.text()
        replies: list[dict[str, Any]] = (await response.json())["replies"]
        return replies


async def vote(client: Client, card: int, **choice: object) -> dict[str, Any]:
    body = {"card": card, "kind": "choice", "genre": "country", "added": True, **choice}
    async with client.post("/api/votes", json=body) as response:
        assert response.status == 200, await response.text()
        answer: dict[str, Any] = await response.json()
        return answer


async def history(client: Client) -> list[dict[str, Any]]:
    async with client.get("/api/history") as response:
        assert response.status == 200
        shown: list[dict[str, Any]] = (await response.json())["shown"]
        return shown


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
    assert [message_id for _, message_id in fake.app.messages.stored] == [f"{ID}/0", f"{ID}/1"]


async def test_message_without_a_link_gets_a_hint(client: Client) -> None:
    assert await say(client, "hello") == [{"type": "notice", "code": "hint", "text": texts.HINT}]


@pytest.mark.parametrize(
    "text", ["/genre heroes", "/GENRE  heroes ", " /genre heroes", "/genre\nheroes"]
)
async def test_genre_command_searches_its_argument(
    client: Client, fake: FakeServices, text: str
) -> None:
    (card,) = await say(client, text)
    assert card["track"]["title"] == "Heroes"
    assert fake.ask.asked[0].text == "heroes"


async def test_unknown_song_gets_a_notice(client: Client) -> None:
    (notice,) = await say(client, "/genre nobody knows this")
    assert notice["code"] == "track_not_found"


@pytest.mark.parametrize("text", ["/help", "/what is this", "/", "/genres heroes"])
async def test_unknown_command_gets_help(client: Client, text: str) -> None:
    (notice,) = await say(client, text)
    assert notice == {"type": "notice", "code": "help", "text": texts.HELP}


async def test_forget_me_deletes_the_visitors_votes(client: Client) -> None:
    (card,) = await say(client, "heroes")
    await vote(client, card["id"])
    (notice,) = await say(client, "/forget-me", "forget-me-1")
    assert notice["text"] == texts.data_deleted(1)
    (shown,) = await history(client)
    assert shown["card"]["ballot"]["active"] == []


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
    async with TestClient(TestServer(events.build(fake.services, "127.0.0.1"))) as restarted:
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


async def test_history_contains_only_the_visitors_own_votes(client: Client) -> None:
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
    (shown,) = await history(client)
    assert shown["card"]["ballot"] == {"active": [], "counted": None, "said": ""}


async def test_vote_is_recorded_and_withdrawn(client: Client) -> None:
    (card,) = await say(client, "heroes")
    given = await vote(client, card["id"], kind="right", genre=None)
    assert given["ballot"]["active"] == [{"kind": "choice", "genre": "hip-hop"}]
    assert given["receipt"] == "Your vote: hip-hop. Thank you!"
    back = await vote(client, card["id"], kind="right", genre=None, added=False)
    assert back["ballot"]["active"] == []
    assert back["receipt"] == "Taken back: you have no vote on this song."


async def test_newer_vote_of_any_kind_replaces_the_older_and_withdrawal_leaves_none(
    client: Client,
) -> None:
    (card,) = await say(client, "heroes")
    await vote(client, card["id"], kind="right", genre=None)
    await vote(client, card["id"], kind="reaction", genre="country")
    changed = await vote(client, card["id"], kind="choice", genre="jazz")
    assert changed["ballot"]["active"] == [{"kind": "choice", "genre": "jazz"}]
    outdated = await vote(client, card["id"], kind="reaction", genre="country", added=False)
    assert outdated["ballot"]["counted"] == "jazz"
    back = await vote(client, card["id"], kind="choice", genre="jazz", added=False)
    assert back["ballot"] == {"active": [], "counted": None, "said": ""}


async def test_vote_on_an_unknown_card_is_rejected(client: Client) -> None:
    body = {"card": 99, "kind": "right", "genre": None, "added": True}
    async with client.post("/api/votes", json=body) as response:
        assert response.status == 409
        assert (await response.json())["notice"]["code"] == "unknown_card"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        pytest.param("/api/messages", "{", id="cut off"),
        pytest.param("/api/messages", "[]", id="a list"),
        pytest.param("/api/messages", "[" * 200_000, id="deep"),
        pytest.param("/api/messages", '"\xff"', id="another encoding"),
        pytest.param("/api/messages", '{"text": "heroes"}', id="no id"),
        pytest.param("/api/messages", '{"id": "../../etc", "text": "heroes"}', id="odd id"),
        pytest.param("/api/messages", '{"id": "abcdefgh\\n", "text": "x"}', id="id and newline"),
        pytest.param("/api/messages", '{"id": "abcdefgh", "text": 5}', id="number for text"),
        pytest.param("/api/votes", "{}", id="empty vote"),
        pytest.param("/api/votes", '{"card":true,"kind":"right","added":true}', id="true card"),
        pytest.param("/api/votes", '{"card":0,"kind":"right","added":true}', id="card 0"),
        pytest.param(
            "/api/votes", f'{{"card":{2**63},"kind":"right","added":true}}', id="huge card"
        ),
        pytest.param("/api/votes", '{"card":1,"kind":"left","added":true}', id="unknown kind"),
        pytest.param("/api/votes", '{"card":1,"kind":[],"added":true}', id="list for kind"),
        pytest.param("/api/votes", '{"card":1,"kind":"choice","genre":5,"added":true}', id="genre"),
        pytest.param("/api/votes", '{"card":1,"kind":"right","added":"yes"}', id="added"),
    ],
)
async def test_malformed_body_is_rejected(client: Client, path: str, body: str) -> None:
    headers = {"Content-Type": "application/json"}
    async with client.post(path, data=body.encode("latin-1"), headers=headers) as response:
        assert response.status == 400
        assert (await response.json())["notice"]["text"].endswith(".")


async def test_lone_surrogate_is_replaced(client: Client, fake: FakeServices) -> None:
    body = '{"id": "abcdefgh", "text": "\\ud83d heroes"}'
    headers = {"Content-Type": "application/json"}
    async with client.post("/api/messages", data=body, headers=headers) as response:
        assert response.status == 200
    assert fake.ask.asked[0].text == "? heroes"


@pytest.mark.parametrize("size", [MAX_TEXT_BYTES + 1, MAX_BODY_BYTES + 1])
async def test_too_long_message_is_rejected(client: Client, fake: FakeServices, size: int) -> None:
    body = io.BytesIO(json.dumps({"id": ID, "text": "x" * size}).encode())
    headers = {"Content-Type": "application/json"}
    async with client.post("/api/messages", data=body, headers=headers) as response:
        assert response.status == 413
        assert (await response.json())["notice"]["text"] == texts.MESSAGE_TOO_LONG
    assert fake.ask.asked == []


async def test_message_of_maximum_length_is_accepted(client: Client) -> None:
    assert (await say(client, "é" * (MAX_TEXT_BYTES // 2)))[0]["code"] == "hint"


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


async def test_chart_is_an_immutable_png_for_each_theme(client: Client) -> None:
    (card,) = await say(client, "heroes")
    bodies = []
    for theme in ("light", "dark"):
        async with client.get(card["chart"][theme]) as response:
            assert response.status == 200
            assert response.content_type == "image/png"
            assert "immutable" in response.headers["Cache-Control"]
            bodies.append(await response.read())
    assert bodies[0] != bodies[1]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/charts/99.png?theme=dark", 404),
        (f"/charts/{2**63}.png", 404),
        ("/charts/0.png", 404),
        ("/charts/..%2f1.png", 404),
        ("/charts/1.png?theme=pink", 400),
    ],
)
async def test_unknown_chart_is_rejected_and_not_cached(
    client: Client, path: str, status: int
) -> None:
    await say(client, "heroes")
    async with client.get(path) as response:
        assert response.status == status
        assert response.content_type == "application/json"
        assert response.headers["Cache-Control"] == "no-store"


async def test_chart_that_cannot_be_drawn_is_not_found(client: Client, fake: FakeServices) -> None:
    fake.renderer.png = None
    (card,) = await say(client, "heroes")
    async with client.get(card["chart"]["light"]) as response:
        assert response.status == 404


async def test_another_answer_with_the_same_card_id_has_another_chart_address(
    client: Client, fake: FakeServices
) -> None:
    (old,) = await say(client, "heroes")
    fake.cards.clear()
    (new,) = await say(client, "old town road", "abcdefgh")
    assert old["id"] == new["id"]
    assert old["chart"]["light"] != new["chart"]["light"]


async def test_only_https_addresses_are_sent(client: Client) -> None:
    (card,) = await say(client, EVIL_TITLE)
    assert card["track"]["title"] == EVIL_TITLE
    assert card["track"]["url"] is None
    assert card["track"]["image"] is None


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/", "text/html"),
        ("/page.css", "text/css"),
        ("/page.js", "text/javascript"),
        ("/card.js", "text/javascript"),
        ("/icon.svg", "image/svg+xml"),
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
    evil = {**sentences.PAGE, "welcome": EVIL_TITLE}
    monkeypatch.setattr(sentences, "PAGE", evil)
    async with (
        TestClient(TestServer(events.build(fake.services, "127.0.0.1"))) as client,
        client.get("/") as response,
    ):
        page = await response.text()
    assert EVIL_TITLE not in page
    assert page.count("<script") == 2
    found = re.search(r'<script type="application/json" id="page-data">(.*?)</script>', page)
    assert found is not None
    assert json.loads(found[1])["strings"]["welcome"] == EVIL_TITLE


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/nothing"), ("GET", "/../server.py"), ("DELETE", "/api/votes")]
)
async def test_unknown_path_or_method_is_rejected(client: Client, method: str, path: str) -> None:
    async with client.request(method, path) as response:
        assert response.status in (404, 405)
        assert (await response.json())["notice"]["text"] == sentences.NO_SUCH_PAGE
