"""A card that is shown to several visitors, or to one in several turns."""

from collections.abc import AsyncIterator

import pytest

from bot.platforms.web import events
from bot.platforms.web.ids import PUBLIC_PLACE
from bot.platforms.web.site import Site
from tests.support.fake_app import LINK, FakeApp
from tests.support.fake_listener import MUSIC
from tests.support.web_visitors import joining, visiting
from tests.unit.platforms.web.conftest import Client
from tests.unit.platforms.web.dropped import drop
from tests.unit.platforms.web.requests import history, say, vote

PATHS = ("/cards/1.png", "/charts/1.png?theme=dark")


@pytest.fixture
def app() -> FakeApp:
    return FakeApp()


@pytest.fixture
async def ann(app: FakeApp) -> AsyncIterator[Client]:
    async with visiting(events.build(app.services, Site(is_public=True))) as running:
        yield running


@pytest.fixture
async def bob(ann: Client) -> AsyncIterator[Client]:
    async with joining(ann) as running:
        yield running


async def statuses(client: Client) -> list[int]:
    found = []
    for path in PATHS:
        async with client.get(path) as response:
            found.append(response.status)
    return found


async def test_a_song_is_stored_once_and_seen_by_those_who_asked_for_it(
    app: FakeApp, ann: Client, bob: Client
) -> None:
    (anns,) = await say(ann, LINK)
    assert await statuses(bob) == [404, 404]
    (bobs,) = await say(bob, LINK)
    assert bobs == anns
    assert list(app.predictions.cards) == [1]
    assert await statuses(ann) == await statuses(bob) == [200, 200]
    async with joining(ann, "c" * 32) as eve:
        assert await statuses(eve) == [404, 404]
        body = {"card": 1, "kind": "choice", "genre": "jazz", "added": True}
        async with eve.post("/api/votes", json=body) as response:
            assert response.status == 404


async def test_each_votes_on_the_shared_card_and_sees_the_own_vote(
    ann: Client, bob: Client
) -> None:
    await say(ann, LINK)
    await say(bob, LINK)
    await vote(ann, 1, genre="jazz")
    await vote(bob, 1, genre="folk")
    (anns,), (bobs,) = await history(ann), await history(bob)
    assert (anns["card"]["ballot"]["counted"], bobs["card"]["ballot"]["counted"]) == (
        "jazz",
        "folk",
    )
    assert anns["card"]["tally"] == bobs["card"]["tally"] != ""


async def test_who_is_forgotten_leaves_the_card_to_the_others(
    app: FakeApp, ann: Client, bob: Client
) -> None:
    await say(ann, LINK)
    await say(bob, LINK)
    await say(ann, "/forget-me", "forget-me")
    assert await history(ann) == []
    assert await statuses(ann) == [404, 404]
    assert [one["card"]["id"] for one in await history(bob)] == [1]
    assert await statuses(bob) == [200, 200]
    await say(ann, LINK, "asked-again")
    assert [one["card"]["id"] for one in await history(ann)] == [1]
    assert list(app.predictions.cards) == [1]


async def test_a_card_in_several_turns_comes_with_each(ann: Client) -> None:
    turns = ["message-1", "message-2", "message-3"]
    replies = [await say(ann, LINK, turn) for turn in turns]
    shown = await history(ann)
    assert [one["message"] for one in shown] == turns
    assert [[one["card"]] for one in shown] == replies
    assert {one["card"]["id"] for one in shown} == {1}


async def test_a_link_that_comes_twice_in_a_message_of_several_is_one_card(ann: Client) -> None:
    first = await say(ann, f"{LINK} {LINK}")
    assert [one["id"] for one in first] == [1]


async def test_files_never_share_a_card(app: FakeApp, ann: Client, bob: Client) -> None:
    for number, client in enumerate((ann, ann, bob)):
        await drop(client, MUSIC, message_id=f"dropped-{number}")
    assert len(app.predictions.cards) == 3
    assert set(app.predictions.places.values()) == {PUBLIC_PLACE}
    (bobs,) = await history(bob)
    assert bobs["card"]["id"] == 3
