"""Summaries of albums, their progress, and songs to choose from, as the page receives them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast

import aiohttp
import pytest

from bot import texts
from bot.concurrency.wanted_work import NotWanted
from bot.domain.collections import CollectionSummary
from bot.domain.filing import FiledUnder
from bot.domain.places import Message
from bot.domain.replies import Choice, Reply, Summary
from bot.domain.tracks import MeasuredTrack, SubjectKind, SubjectRef, Track
from bot.platforms.web import delivery, events
from bot.platforms.web.commands import Commands
from bot.platforms.web.ids import PLACE
from bot.platforms.web.platform import WebPlatform
from bot.texts import collections as words
from tests.support.blocked_features import blocked_features
from tests.support.factories import HEROES, OLD_TOWN_ROAD, track
from tests.support.fake_app import LINK, FakeApp
from tests.support.fake_collections import ALBUM, collection, song
from tests.support.web_visitors import visiting
from tests.unit.platforms.web.conftest import Client
from tests.unit.platforms.web.requests import ID, history, say

ALBUM_LINK = "https://www.deezer.com/album/101"
HEROES_LINK = f"https://open.spotify.com/track/{HEROES}"


@pytest.fixture(autouse=True)
def short_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "CHECK_INTERVAL", 0.01)


@pytest.fixture
def app() -> FakeApp:
    return FakeApp()


@asynccontextmanager
async def serving(app: FakeApp) -> AsyncIterator[Client]:
    async with visiting(events.build(app.services)) as client:
        yield client


@pytest.fixture
async def client(app: FakeApp) -> AsyncIterator[Client]:
    """Return a client of the platform on all real services."""
    async with serving(app) as running:
        yield running


def stored(app: FakeApp) -> CollectionSummary:
    return app.summaries.summaries[1].answer


async def progress(client: Client) -> str | None:
    async with client.get(f"/api/progress/{ID}") as response:
        assert response.status == 200
        text: str | None = (await response.json())["text"]
        return text


async def test_album_is_answered_with_a_summary_and_its_songs(client: Client, app: FakeApp) -> None:
    (summary,) = await say(client, ALBUM_LINK)
    answer = stored(app)
    assert summary["type"] == "summary"
    assert summary["track"]["title"] == "7 EP"
    assert summary["track"]["url"] == answer.url
    assert summary["kind"] == "album of 2 songs"
    assert summary["sentence"] == texts.unbroken(words.sentence(answer))
    assert summary["chart"]["alt"] == words.alt(answer)
    assert [one["title"] for one in summary["songs"]] == ["Old Town Road - Remix", "Heroes"]
    assert summary["songs"][1]["text"] == HEROES_LINK
    (card,) = await say(client, summary["songs"][1]["text"], "another-message")
    assert card["track"]["title"] == "Heroes"


async def test_typical_and_oddest_song_are_noted_and_a_song_without_an_id_cannot_be_asked_for(
    client: Client, app: FakeApp
) -> None:
    tracks = [song(1), song(2), track(None, isrc="USSM11900001")]
    values = app.features.known[HEROES]
    app.features.known = {one.key: values for one in tracks[:2]}
    app.features.known |= {tracks[2].key: {**values, "tempo": 200.0}}
    app.collections.known = {ALBUM: collection(tracks)}
    (summary,) = await say(client, ALBUM_LINK)
    notes = [one["note"] for one in summary["songs"]]
    assert notes == [words.MOST_TYPICAL, "", words.ODDEST]
    assert summary["songs"][2]["text"] is None


async def test_summary_has_an_immutable_chart_for_each_theme(client: Client) -> None:
    (summary,) = await say(client, ALBUM_LINK)
    bodies = []
    for theme in ("light", "dark"):
        async with client.get(summary["chart"][theme]) as response:
            assert response.status == 200
            assert "immutable" in response.headers["Cache-Control"]
            bodies.append(await response.read())
    assert bodies == [b"7 EP light", b"7 EP dark"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/charts/summaries/99.png", 404),
        (f"/charts/summaries/{2**63}.png", 404),
        ("/charts/summaries/0.png", 404),
        ("/charts/summaries/1.png?theme=pink", 400),
        ("/api/progress/x", 404),
    ],
)
async def test_unknown_chart_or_message_is_rejected(client: Client, path: str, status: int) -> None:
    async with client.get(path) as response:
        assert response.status == status
        assert response.headers["Cache-Control"] == "no-store"


async def test_history_shows_cards_and_summaries_in_their_order(client: Client) -> None:
    replies = await say(client, f"{LINK} {ALBUM_LINK} {HEROES_LINK}")
    assert [one["type"] for one in replies] == ["card", "summary", "card"]
    (later,) = await say(client, ALBUM_LINK, "later-message")
    shown = await history(client)
    assert [one.get("card", one.get("summary")) for one in shown] == [*replies, later]
    assert [one["message"] for one in shown] == [ID, ID, ID, "later-message"]


async def test_album_that_is_sent_again_after_a_restart_gets_the_same_summary(
    client: Client, app: FakeApp
) -> None:
    before = await say(client, f"{ALBUM_LINK} {LINK}")
    async with serving(app) as restarted:
        assert await say(restarted, f"{ALBUM_LINK} {LINK}") == before
        assert len(await history(restarted)) == 2
    assert len(app.summaries.summaries) == len(app.predictions.cards) == 1


async def test_progress_is_told_while_the_album_is_looked_up(client: Client, app: FakeApp) -> None:
    assert await progress(client) is None
    with blocked_features(app, started := asyncio.Event()) as (proceed, _):
        asking = asyncio.create_task(say(client, ALBUM_LINK))
        await started.wait()
        assert await progress(client) == "Reading the album: 0 of 2 songs…"
        proceed.set()
        await asking
    assert await progress(client) is None


async def test_slow_card_has_no_progress(client: Client, app: FakeApp) -> None:
    with blocked_features(app, started := asyncio.Event()) as (proceed, _):
        asking = asyncio.create_task(say(client, LINK))
        await started.wait()
        assert await progress(client) is None
        proceed.set()
        await asking


async def leave(asking: "asyncio.Task[Any]") -> None:
    """Close the connection of a request."""
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)


async def test_closing_the_page_stops_the_work_and_the_message_can_be_sent_again(
    client: Client, app: FakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    with blocked_features(app, started := asyncio.Event()) as (_, cancelled):
        asking = asyncio.create_task(say(client, ALBUM_LINK))
        await started.wait()
        await leave(asking)
        await asyncio.wait_for(cancelled.wait(), 5)
        assert await progress(client) is None
    (summary,) = await say(client, ALBUM_LINK)
    assert summary["type"] == "summary"
    assert caplog.text == ""


async def test_closing_the_page_ends_its_request_without_an_error(
    app: FakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    """On the platform's own server, which does not cancel a request whose page is closed."""
    lines: asyncio.Queue[str] = asyncio.Queue()
    running = asyncio.create_task(WebPlatform(port=0).run(app.services, lines.put))
    address = (await lines.get()).rsplit(maxsplit=1)[-1]
    async with aiohttp.ClientSession(address) as session:
        client = cast("Client", session)
        with blocked_features(app, started := asyncio.Event()) as (_, cancelled):
            asking = asyncio.create_task(say(client, ALBUM_LINK))
            await started.wait()
            await leave(asking)
            await asyncio.wait_for(cancelled.wait(), 5)
        (summary,) = await say(client, ALBUM_LINK)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert summary["type"] == "summary"
    assert caplog.text == ""


async def test_card_is_looked_up_although_its_page_is_closed(
    client: Client, app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "CHECK_INTERVAL", 0)
    with blocked_features(app, started := asyncio.Event()) as (proceed, _):
        asking = asyncio.create_task(say(client, LINK))
        await started.wait()
        await leave(asking)
        for _ in range(20):
            await progress(client)  # meanwhile it is looked whether a page waits
        proceed.set()
        async with asyncio.timeout(5):
            while not await history(client):
                pass


async def test_page_that_is_opened_again_while_the_work_ends_gets_an_answer(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure, ending, end = app.features.measure, asyncio.Event(), asyncio.Event()

    async def end_slowly(_: Sequence[Track]) -> Sequence[MeasuredTrack | None]:
        try:
            return await asyncio.Future()
        finally:
            monkeypatch.setattr(app.features, "measure", measure)
            ending.set()
            await end.wait()

    monkeypatch.setattr(app.features, "measure", end_slowly)
    services = app.services
    commands = Commands(services)
    answering = delivery.Delivery(commands, services.cards, services.collections)
    message = Message(PLACE, ID, "ann", ALBUM_LINK)
    closed = asyncio.create_task(answering.reply(message, lambda: False))
    await ending.wait()
    opened = asyncio.create_task(answering.reply(message))
    await asyncio.sleep(0)
    end.set()
    (summary,) = await opened
    assert isinstance(summary, Summary)
    with pytest.raises(NotWanted):
        await closed


async def test_work_goes_on_while_another_page_waits_for_it(
    client: Client, app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply, arrivals = delivery.Delivery.reply, asyncio.Queue[None]()

    async def noted(*arguments: Any, **options: Any) -> Sequence[Reply]:
        arrivals.put_nowait(None)
        return await reply(*arguments, **options)

    monkeypatch.setattr(delivery.Delivery, "reply", noted)
    with blocked_features(app, started := asyncio.Event()) as (proceed, cancelled):
        leaving = asyncio.create_task(say(client, ALBUM_LINK))
        staying = asyncio.create_task(say(client, ALBUM_LINK))
        await started.wait()
        for _ in range(2):
            await arrivals.get()
        await leave(leaving)
        await progress(client)
        proceed.set()
        (summary,) = await staying
    assert summary["type"] == "summary"
    assert not cancelled.is_set()


async def test_songs_to_choose_from_come_with_the_message_that_asks_for_each(
    client: Client, app: FakeApp
) -> None:
    app.search.unsure = True
    (notice,) = await say(client, "/genre o")
    assert notice["code"] == "several_matches"
    assert [choice["text"] for choice in notice["choices"]] == [LINK, HEROES_LINK]
    (card,) = await say(client, notice["choices"][1]["text"], "another-message")
    assert card["track"]["title"] == "Heroes"


async def test_songs_known_without_a_service_are_offered_while_none_can_be_reached(
    client: Client, app: FakeApp
) -> None:
    app.offline.offered = (Choice("Heroes", SubjectRef(SubjectKind.TRACK, HEROES)),)
    app.features.away = True
    (notice,) = await say(client, LINK)
    (choice,) = notice["choices"]
    assert choice == {"label": "Heroes", "text": HEROES_LINK, "address": f"/song/{HEROES}"}


async def test_card_says_where_the_song_is_filed_and_its_facts(
    client: Client, app: FakeApp
) -> None:
    app.filing.known = {OLD_TOWN_ROAD: FiledUnder(("country",), "musicbrainz")}
    filed, unknown = await say(client, f"{LINK} {HEROES_LINK}")
    answer = app.predictions.cards[filed["id"]].answer
    assert filed["filed_under"] == texts.filed_under(answer) != ""
    assert filed["facts"] == texts.unbroken(texts.facts(answer)) != ""
    assert "Filed under country" in filed["chart"]["alt"]
    assert unknown["filed_under"] == ""
