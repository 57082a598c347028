"""Votes on the pages of songs."""

import asyncio
from typing import Any

import pytest

from bot.platforms.web import security
from bot.platforms.web.ids import PLACE
from tests.support.factories import OLD_TOWN_ROAD
from tests.support.fake_app import LINK, FakeApp
from tests.unit.platforms.web.conftest import Client
from tests.unit.platforms.web.requests import history, say, vote
from tests.unit.platforms.web.song_pages import ON_DEEZER, UNKNOWN, app, serving_songs

__all__ = ["app"]

EMPTY = {"ballot": {"active": [], "counted": None, "said": ""}, "tally": ""}
VOTE = {"song": OLD_TOWN_ROAD, "kind": "choice", "genre": "jazz", "added": True}


async def vote_on_song(client: Client, **choice: object) -> dict[str, Any]:
    async with client.post("/api/votes", json={**VOTE, **choice}) as response:
        assert response.status == 200, await response.text()
        answer: dict[str, Any] = await response.json()
        return answer


async def ballot(client: Client, song: str = OLD_TOWN_ROAD) -> dict[str, Any]:
    async with client.get("/api/ballot", params={"song": song}) as response:
        assert response.status == 200
        assert response.headers["Cache-Control"] == "no-store"
        assert security.COOKIE not in response.cookies
        answer: dict[str, Any] = await response.json()
        return answer


async def test_first_vote_stores_a_card_which_later_ones_find(app: FakeApp) -> None:
    async with serving_songs(app, url=None) as client:
        assert await ballot(client) == EMPTY
        given = await vote_on_song(client)
        assert (given["ballot"]["counted"], given["tally"]) == ("jazz", "1 says jazz.")
        client.session.cookie_jar.clear()
        await vote_on_song(client, kind="right", genre=None)
        found = await ballot(client)
        assert found["ballot"]["counted"] == "country"
        assert found["tally"] == "1 says country, 1 jazz."
        assert len(app.predictions.cards) == 1
        back = await vote_on_song(client, genre=None, added=False)
        assert (back["ballot"]["active"], back["tally"]) == ([], "1 says jazz.")
        assert await ballot(client) == {**EMPTY, "tally": "1 says jazz."}


async def test_visitors_who_vote_at_once_get_one_card(app: FakeApp) -> None:
    async with serving_songs(app, url=None) as client:
        await asyncio.gather(*(vote_on_song(client) for _ in range(4)))
    assert len(app.predictions.cards) == 1
    assert app.predictions.places[1] == PLACE


async def test_cards_of_the_chat_and_the_page_of_a_song_share_votes(app: FakeApp) -> None:
    async with serving_songs(app, url=None) as client:
        (card,) = await say(client, LINK)
        assert card["song"]["id"] == OLD_TOWN_ROAD
        await vote(client, card["id"], genre="folk")
        assert (await ballot(client))["ballot"]["counted"] == "folk"
        changed = await vote_on_song(client)
        assert changed["tallies"] == {str(card["id"]): "1 says jazz."}
        (shown,) = await history(client)
        assert shown["card"]["ballot"]["counted"] == "jazz"
        assert shown["card"]["tally"] == "1 says jazz."
        async with client.get(f"/cards/{card['id']}.png") as response:
            assert "1 says jazz." in await response.text()
    assert len(app.predictions.cards) == 1


async def test_another_id_of_the_song_is_the_same_song(app: FakeApp) -> None:
    async with serving_songs(app, url=None) as client:
        await vote_on_song(client)
        assert (await ballot(client, ON_DEEZER))["ballot"]["counted"] == "jazz"


async def test_votes_of_a_deleted_person_vanish(app: FakeApp) -> None:
    async with serving_songs(app, url=None) as client:
        await vote_on_song(client)
        async with client.get(f"/song/{OLD_TOWN_ROAD}") as response:
            assert "1 says jazz." in await response.text()
        await say(client, "/forget-me")
        assert await ballot(client) == EMPTY
        async with client.get(f"/song/{OLD_TOWN_ROAD}") as response:
            assert "1 says jazz." not in await response.text()


async def test_vote_on_a_song_without_an_answer_is_refused_with_the_reason(app: FakeApp) -> None:
    async with serving_songs(app, url=None) as client:
        body = {**VOTE, "song": UNKNOWN}
        async with client.post("/api/votes", json=body) as response:
            assert response.status == 409
            assert (await response.json())["notice"]["code"] == "track_not_found"
        assert await ballot(client, UNKNOWN) == EMPTY
        assert not app.predictions.cards


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"song": "x"}, "song"),
        ({"song": 5}, "song"),
        ({"song": None}, "song"),
        ({"card": 1}, "song"),
        ({"card": None}, "card"),
    ],
)
async def test_vote_is_on_a_song_or_a_card(
    app: FakeApp, changed: dict[str, object], field: str
) -> None:
    async with (
        serving_songs(app, url=None) as client,
        client.post("/api/votes", json={**VOTE, **changed}) as response,
    ):
        assert response.status == 400
        assert f"“{field}”" in (await response.json())["notice"]["text"]


@pytest.mark.parametrize("query", ["", "?song=", "?song=x", "?song=%2F", "?card=1"])
async def test_ballot_of_no_song_is_refused(app: FakeApp, query: str) -> None:
    async with (
        serving_songs(app, url=None) as client,
        client.get(f"/api/ballot{query}") as response,
    ):
        assert response.status == 400
