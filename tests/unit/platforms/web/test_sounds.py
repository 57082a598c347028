"""Sound files that are sent to the page."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, BinaryIO
from urllib.parse import quote

import pytest
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from yarl import URL

from bot import texts
from bot.domain.cards import Card
from bot.domain.sound_ports import MAX_UPLOAD_BYTES, HeardSound, Waiting
from bot.domain.tracks import MAX_TITLE_LENGTH
from bot.domain.votes import Ballot
from bot.platforms.http import uploads
from bot.platforms.web import delivery, events, present, security
from bot.texts import web_page
from tests.support import factories
from tests.support.fake_app import FakeApp
from tests.support.fake_listener import DAMAGED, MUSIC, QUEUED, SPEECH, heard
from tests.support.gated_listener import GatedListener
from tests.unit.platforms.web.conftest import EVIL_TITLE, Client
from tests.unit.platforms.web.requests import ID, history

BYTES = {"Content-Type": "application/octet-stream"}


@pytest.fixture
def app() -> FakeApp:
    return FakeApp()


@asynccontextmanager
async def serving(app: FakeApp) -> AsyncIterator[Client]:
    async with TestClient(TestServer(events.build(app.services, "127.0.0.1"))) as client:
        yield client


@pytest.fixture
async def client(app: FakeApp) -> AsyncIterator[Client]:
    async with serving(app) as running:
        yield running


def address(name: str = "song.mp3", message_id: str = ID) -> str:
    return f"/api/sounds?id={quote(message_id)}&name={quote(name)}"


async def drop(client: Client, content: bytes, **query: str) -> list[dict[str, Any]]:
    url = address(**query)
    async with client.post(url, data=content, headers=BYTES) as response:
        assert response.status == 200, await response.text()
        replies: list[dict[str, Any]] = (await response.json())["replies"]
        return replies


async def refusal(
    client: Client, path: str, content: Any = MUSIC, headers: Mapping[str, str] = BYTES
) -> tuple[int, str]:
    async with client.post(path, data=content, headers=headers) as response:
        return response.status, (await response.json())["notice"]["text"]


async def earlier(client: Client, message_id: str = ID) -> list[dict[str, Any]]:
    async with client.get(f"/api/replies/{message_id}") as response:
        assert response.status == 200
        replies: list[dict[str, Any]] = (await response.json())["replies"]
        return replies


async def test_file_is_answered_with_a_card_that_says_what_was_heard(
    client: Client, app: FakeApp
) -> None:
    (card,) = await drop(client, MUSIC)
    answer = app.predictions.cards[card["id"]].answer
    assert card["type"] == "card"
    assert (card["track"]["title"], card["track"]["url"]) == ("A Song", None)
    assert card["verdict"] == texts.verdict(answer)
    assert card["heard"] == texts.heard_line(answer) != ""
    assert card["sound_opinion"] == texts.sound_opinion(answer)
    assert [one["genre"] for one in card["genres"]] == ["rock", "metal", "pop"]
    async with client.get(card["chart"]["dark"]) as response:
        assert response.status == 200


def test_card_of_a_song_that_was_heard_has_the_opinion_of_the_sound() -> None:
    answer = factories.answer(heard=heard())
    sent = present.card(Card(1, answer), Ballot())
    assert sent["sound_opinion"] == texts.sound_opinion(answer) != ""
    assert sent["heard"] == texts.heard_line(answer) != ""


async def test_what_is_heard_in_a_file_of_ones_own_is_kept(client: Client, app: FakeApp) -> None:
    (card,) = await drop(client, MUSIC)
    assert app.predictions.cards[card["id"]].answer.heard == heard()


async def test_song_from_a_link_has_no_sound(client: Client) -> None:
    body = {"id": ID, "text": "https://open.spotify.com/track/2YpeDb67231RjR0MgVLzsG"}
    async with client.post("/api/messages", json=body) as response:
        (card,) = (await response.json())["replies"]
    assert (card["heard"], card["sound_opinion"]) == ("", "")


@pytest.mark.parametrize(
    ("content", "code"), [(SPEECH, "not_music"), (DAMAGED, "not_audio"), (b"", "not_audio")]
)
async def test_what_is_no_music_gets_a_sentence_with_its_name(
    client: Client, content: bytes, code: str
) -> None:
    (notice,) = await drop(client, content, name="memo.ogg")
    assert (notice["type"], notice["code"]) == ("notice", code)
    assert "memo.ogg" in notice["text"]


async def test_votes_on_a_file_are_votes(client: Client) -> None:
    (card,) = await drop(client, MUSIC)
    body = {"card": card["id"], "kind": "choice", "genre": "folk", "added": True}
    async with client.post("/api/votes", json=body) as response:
        assert (await response.json())["ballot"]["counted"] == "folk"


async def test_file_that_is_sent_again_gets_the_same_card(client: Client, app: FakeApp) -> None:
    first = await drop(client, MUSIC)
    assert await drop(client, MUSIC) == first
    assert await earlier(client) == first
    async with serving(app) as restarted:
        assert await drop(restarted, b"another file") == first
        assert await earlier(restarted) == first
        (shown,) = await history(restarted)
        assert shown["card"] == first[0]
    assert len(app.listener.groups) == 1


async def test_sentence_is_given_again_while_the_bot_runs(client: Client, app: FakeApp) -> None:
    first = await drop(client, SPEECH)
    assert await earlier(client) == await drop(client, SPEECH) == first
    assert len(app.listener.groups) == 1


async def test_file_that_is_sent_again_meanwhile_is_heard_once(
    client: Client, app: FakeApp
) -> None:
    listener = GatedListener(app)
    first = asyncio.create_task(drop(client, MUSIC))
    await listener.arrived.wait()
    others = [asyncio.create_task(drop(client, MUSIC)), asyncio.create_task(earlier(client))]
    async with client.get("/healthz"):  # the others have arrived, too
        listener.gate.set()
    card = await first
    assert [await other for other in others] == [card, card]
    assert len(app.listener.groups) == 1


async def test_nothing_is_known_of_a_file_that_did_not_arrive(client: Client) -> None:
    assert await earlier(client) == []
    assert [reply["type"] for reply in await drop(client, MUSIC)] == ["card"]


@pytest.mark.parametrize("name", ["song.mp3", "x" * 5000])
async def test_waiting_is_told(client: Client, app: FakeApp, name: str) -> None:
    listener = GatedListener(app)
    asking = asyncio.create_task(drop(client, QUEUED, name=name))
    await listener.arrived.wait()
    async with client.get(f"/api/progress/{ID}") as response:
        text = (await response.json())["text"]
    assert text == texts.waiting_to_listen(name[:MAX_TITLE_LENGTH], 3)
    listener.gate.set()
    await asking


async def test_file_outlives_the_request_that_brought_it(client: Client, app: FakeApp) -> None:
    listener = GatedListener(app)
    asking = asyncio.create_task(drop(client, MUSIC))
    await listener.arrived.wait()
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    async with client.get("/healthz"):
        listener.gate.set()
    assert [reply["type"] for reply in await earlier(client)] == ["card"]


async def test_file_that_waits_is_dropped_when_its_page_is_closed(
    client: Client, app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "CHECK_INTERVAL", 0.01)
    listener = GatedListener(app)
    asking = asyncio.create_task(drop(client, QUEUED))
    await listener.arrived.wait()
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    async with asyncio.timeout(5):
        await listener.ended.wait()
    assert await earlier(client) == []


@pytest.mark.parametrize("headers", [BYTES, {"Content-Type": "audio/mpeg"}], ids=str)
async def test_accepted_content_types(client: Client, headers: dict[str, str]) -> None:
    async with client.post(address(), data=MUSIC, headers=headers) as response:
        assert response.status == 200


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Content-Type": "text/plain"}, id="text"),
        pytest.param({"Content-Type": "multipart/form-data; boundary=x"}, id="a form"),
        pytest.param({"Content-Type": "application/x-www-form-urlencoded"}, id="another form"),
        pytest.param({"Content-Type": "video/mp4"}, id="video"),
        pytest.param(BYTES | {"Content-Encoding": "gzip"}, id="compressed"),
    ],
)
async def test_other_kinds_of_bodies_are_refused(
    client: Client, app: FakeApp, headers: dict[str, str]
) -> None:
    status, text = await refusal(client, address(), headers=headers)
    assert (status, text[-1]) == (415, ".")
    assert app.listener.groups == []


async def test_body_without_a_content_type_is_refused(client: Client) -> None:
    """Another page may send one without asking first."""
    skipped = {"Content-Type"}
    async with client.post(address(), data=MUSIC, skip_auto_headers=skipped) as response:
        assert response.status == 415


@pytest.mark.parametrize(
    "path",
    ["/api/sounds", "/api/sounds?name=a.mp3", "/api/sounds?id=..%2f..%2fetc", "/api/sounds?id=a"],
)
async def test_missing_or_malformed_id_is_rejected(client: Client, path: str) -> None:
    status, text = await refusal(client, path)
    assert (status, text) == (400, web_page.MALFORMED.format(field="id"))


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.test"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "evil.test"},
    ],
    ids=str,
)
async def test_file_from_another_origin_is_rejected(
    client: Client, app: FakeApp, headers: dict[str, str]
) -> None:
    async with client.post(address(), data=MUSIC, headers=BYTES | headers) as response:
        assert response.status == 403
        assert security.COOKIE not in response.cookies
    assert app.listener.groups == []


async def test_more_than_the_limit_is_refused_with_a_sentence(
    client: Client, app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    too_big = (413, web_page.FILE_TOO_BIG)
    head = BYTES | {"Content-Length": str(2 << 30)}
    assert await refusal(client, address(), b"", head) == too_big
    monkeypatch.setattr(events, "MAX_UPLOAD_BYTES", 10)

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(6):
            yield b"music"

    assert await refusal(client, address(), pieces()) == too_big
    assert app.listener.groups == []
    assert f"{MAX_UPLOAD_BYTES >> 20} MB" in web_page.FILE_TOO_BIG


async def test_no_upload_is_left_open(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    opened: list[uploads.Uploads] = []
    make = uploads.Uploads

    def noted() -> uploads.Uploads:
        opened.append(make())
        return opened[-1]

    monkeypatch.setattr(uploads, "Uploads", noted)
    async with serving(app) as client:
        for number, content in enumerate((MUSIC, SPEECH, DAMAGED, b"")):
            await drop(client, content, message_id=f"message-{number}")
    assert [one.number for one in opened] == [0]
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(EVIL_TITLE, id="markup"),
        pytest.param("\u202egnp.mp3", id="right to left"),
        pytest.param("a\nb\r\n\tc.mp3", id="lines"),
        pytest.param("a\0b.mp3", id="NUL"),
        pytest.param("../../etc/passwd", id="a path"),
        pytest.param("", id="empty"),
        pytest.param("\u200b\u2800", id="invisible"),
    ],
)
async def test_hostile_name_is_a_harmless_title(
    client: Client, app: FakeApp, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(app.listener, "listen", listen_without_tags)
    (card,) = await drop(client, MUSIC, name=name)
    title = app.predictions.cards[card["id"]].answer.subject.title
    assert "\0" not in title
    assert "/" not in title.replace("</script>", "")
    assert not {"\n", "\u202e"} & set(card["track"]["title"])
    assert card["track"]["title"]


async def listen_without_tags(
    sound: BinaryIO, group: str, waiting: Waiting | None = None
) -> HeardSound:
    del sound, group, waiting
    return HeardSound(heard(), "", "")


@pytest.mark.parametrize("raw", ["%ff%fe.mp3", "%00", "%C3", "%ED%A0%80.mp3", "%25%zz", "x" * 5000])
async def test_name_that_is_no_text_or_very_long_is_read(
    client: Client, app: FakeApp, monkeypatch: pytest.MonkeyPatch, raw: str
) -> None:
    monkeypatch.setattr(app.listener, "listen", listen_without_tags)
    url = client.make_url("/").join(URL(f"/api/sounds?id={ID}&name={raw}", encoded=True))
    async with client.session.post(url, data=MUSIC, headers=BYTES) as response:
        assert response.status == 200
        (card,) = (await response.json())["replies"]
    title = app.predictions.cards[card["id"]].answer.subject.title
    title.encode()
    assert len(title) <= MAX_TITLE_LENGTH


async def test_name_of_ten_thousand_characters_is_refused_or_read(client: Client) -> None:
    async with client.post(address("x" * 10_000), data=MUSIC, headers=BYTES) as response:
        assert response.status in (200, 400)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(name=st.text(max_size=400))
def test_any_name_is_stored_as_a_title(name: str) -> None:
    async def send() -> str:
        app = FakeApp()
        app.listener.listen = listen_without_tags  # type: ignore[method-assign]
        async with serving(app) as client:
            (card,) = await drop(client, MUSIC, name=name)
        return app.predictions.cards[card["id"]].answer.subject.title

    title = asyncio.run(send())
    title.encode()
    assert "\0" not in title
    assert len(title) <= MAX_TITLE_LENGTH


async def test_name_is_not_logged(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await drop(client, DAMAGED, name="a private name.mp3")
    # The bot's server has no access log, other than the tests'.
    ours = [one.getMessage() for one in caplog.records if one.name != "aiohttp.access"]
    assert ours
    assert "private" not in " ".join(ours)
