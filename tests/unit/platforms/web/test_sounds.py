"""Sound files that are sent to the page: answers, waiting, files sent again."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot import texts
from bot.domain.cards import Card
from bot.domain.text import shorten
from bot.domain.tracks import MAX_TITLE_LENGTH
from bot.domain.votes import Ballot
from bot.platforms.web import delivery, present
from tests.support import factories
from tests.support.fake_app import FakeApp
from tests.support.fake_listener import DAMAGED, MUSIC, SPEECH, heard
from tests.unit.platforms.web.conftest import Client
from tests.unit.platforms.web.dropped import drop, earlier, serving
from tests.unit.platforms.web.requests import ID, history


@pytest.fixture
def app() -> FakeApp:
    return FakeApp()


@pytest.fixture
async def client(app: FakeApp) -> AsyncIterator[Client]:
    async with serving(app) as running:
        yield running


async def test_file_is_answered_with_a_card_that_says_what_was_heard(
    client: Client, app: FakeApp
) -> None:
    (card,) = await drop(client, MUSIC)
    answer = app.predictions.cards[card["id"]].answer
    assert card["type"] == "card"
    assert (card["track"]["title"], card["track"]["url"]) == ("A Song", None)
    assert card["verdict"] == texts.unbroken(texts.verdict(answer))
    assert card["heard"] == texts.unbroken(texts.heard_line(answer)) != ""
    assert card["sound_opinion"] == texts.unbroken(texts.sound_opinion(answer))
    assert [one["genre"] for one in card["genres"]] == ["rock", "metal", "pop"]
    async with client.get(card["chart"]["dark"]) as response:
        assert response.status == 200


def test_card_of_a_song_that_was_heard_has_the_opinion_of_the_sound() -> None:
    answer = factories.answer(heard=heard())
    sent = present.card(Card(1, answer), Ballot(), {})
    assert sent["sound_opinion"] == texts.unbroken(texts.sound_opinion(answer)) != ""
    assert sent["heard"] == texts.unbroken(texts.heard_line(answer)) != ""


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
    listener = app.listener
    listener.gate.clear()
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
    listener = app.listener
    listener.before = 3
    listener.gate.clear()
    asking = asyncio.create_task(drop(client, MUSIC, name=name))
    await listener.arrived.wait()
    async with client.get(f"/api/progress/{ID}") as response:
        text = (await response.json())["text"]
    assert text == texts.waiting_to_listen(shorten(name, MAX_TITLE_LENGTH), 3)
    listener.gate.set()
    await asking


async def test_file_outlives_the_request_that_brought_it(client: Client, app: FakeApp) -> None:
    listener = app.listener
    listener.gate.clear()
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
    listener = app.listener
    listener.before = 3
    listener.gate.clear()
    asking = asyncio.create_task(drop(client, MUSIC))
    await listener.arrived.wait()
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    async with asyncio.timeout(5):
        await listener.cancelled.wait()
    assert await earlier(client) == []
