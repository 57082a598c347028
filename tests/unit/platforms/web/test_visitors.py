"""A visitor of the page gets what was answered to that visitor, and nothing of others."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientResponse

from bot.platforms.web import events
from bot.platforms.web.ids import PLACE, PUBLIC_PLACE
from bot.platforms.web.site import Site
from bot.texts import web_page
from tests.support.blocked_features import blocked_features
from tests.support.fake_app import LINK, FakeApp
from tests.support.fake_listener import MUSIC
from tests.support.web_visitors import ANN, Client, joining, visiting
from tests.unit.platforms.web.dropped import drop, earlier
from tests.unit.platforms.web.requests import ID, history, say, vote
from tests.unit.platforms.web.two_visitors import ann, app, bob, site

__all__ = ["ann", "app", "bob", "site"]

ALBUM_LINK = "https://www.deezer.com/album/101"
PUBLIC = Site(is_public=True)


async def answered(response: ClientResponse) -> tuple[int, bytes, dict[str, str]]:
    """Return all of an answer but the time."""
    headers = {name: value for name, value in response.headers.items() if name != "Date"}
    return response.status, await response.read(), headers


async def get(client: Client, path: str) -> tuple[int, bytes, dict[str, str]]:
    async with client.get(path) as response:
        return await answered(response)


async def test_history_has_what_the_visitor_got(ann: Client, bob: Client) -> None:
    anns = await say(ann, f"{LINK} {ALBUM_LINK}")
    bobs = await say(bob, LINK, "message-of-bob")
    assert [one.get("card", one.get("summary")) for one in await history(ann)] == anns
    assert [one["card"] for one in await history(bob)] == bobs
    async with joining(ann, None) as stranger:
        assert await history(stranger) == []


async def test_same_message_id_of_two_visitors_is_answered_to_each(
    app: FakeApp, site: Site, ann: Client, bob: Client
) -> None:
    anns = await say(ann, f"{LINK} {ALBUM_LINK}")
    bobs = await say(bob, LINK)
    assert await say(ann, LINK) == await earlier(ann) == anns
    assert await say(bob, ALBUM_LINK) == await earlier(bob) == bobs
    async with visiting(events.build(app.services, site)) as restarted, joining(restarted) as other:
        assert await earlier(restarted) == await say(restarted, LINK) == anns
        assert await earlier(other) == await say(other, ALBUM_LINK) == bobs
        assert len(await history(restarted)) == 2
        assert len(await history(other)) == 1


async def test_message_id_of_another_visitor_gets_neither_answer_nor_progress(
    app: FakeApp, ann: Client, bob: Client
) -> None:
    with blocked_features(app, started := asyncio.Event()) as (proceed, _):
        asking = asyncio.create_task(say(ann, ALBUM_LINK))
        await started.wait()
        progress = f"/api/progress/{ID}"
        assert b"Reading" in (await get(ann, progress))[1]
        assert (await get(bob, progress))[1] == (await get(bob, "/api/progress/unknown-id"))[1]
        assert await earlier(bob) == []
        proceed.set()
        await asking
    assert await earlier(bob) == []
    assert await history(bob) == []


@pytest.mark.parametrize("site", [Site()], ids=["local"])
async def test_rows_of_earlier_versions_are_read_for_the_visitor_who_asked(
    app: FakeApp, ann: Client
) -> None:
    replies = await say(ann, f"{LINK} {ALBUM_LINK}")
    for (place, stored_id), message in list(app.messages.stored.items()):
        rest = stored_id.partition("/")[2]
        app.messages.stored[place, f"{ID}/{rest}"] = message
        del app.messages.stored[place, stored_id]
    async with visiting(events.build(app.services)) as restarted, joining(restarted) as other:
        assert [one["message"] for one in await history(restarted)] == [ID, ID]
        assert await say(restarted, LINK) == await earlier(restarted) == replies
        assert await earlier(other) == await history(other) == []
        await say(other, LINK, "another-message")
        assert [one["message"] for one in await history(other)] == ["another-message"]
        assert [one["message"] for one in await history(restarted)] == [ID, ID]


async def test_stored_ids_tell_nothing_about_the_visitor(app: FakeApp, ann: Client) -> None:
    await say(ann, LINK)
    ((_, stored_id),) = app.messages.stored
    assert ANN not in stored_id
    assert app.services.cards._hash_user(PLACE, ANN) not in stored_id


async def test_cards_are_of_the_place_of_the_site(app: FakeApp, site: Site, ann: Client) -> None:
    await say(ann, f"{LINK} {ALBUM_LINK}")
    await drop(ann, MUSIC, message_id="dropped-file")
    place = PUBLIC_PLACE if site.is_public else PLACE
    assert site.place == place
    places = [*app.predictions.places.values(), *app.summaries.places.values()]
    assert set(places) | {where for where, _ in app.messages.stored} == {place}
    other = replace(site, is_public=not site.is_public)
    async with visiting(events.build(app.services, other)) as elsewhere:
        assert await history(elsewhere) == await earlier(elsewhere) == []
        assert (await get(elsewhere, "/charts/1.png"))[0] == 404


PATHS = [
    "/cards/{card}.png",
    "/cards/{card}.svg?theme=dark",
    "/cards/{card}.pdf",
    "/charts/{card}.png",
    "/charts/summaries/{summary}.png?theme=dark",
]


@pytest.mark.parametrize("path", PATHS)
async def test_pictures_by_number(site: Site, ann: Client, bob: Client, path: str) -> None:
    """On a public page, those of another visitor are as unknown numbers."""
    await say(ann, f"{LINK} {ALBUM_LINK}")
    own, unknown = path.format(card=1, summary=1), path.format(card=77, summary=77)
    assert (await get(ann, own))[0] == 200
    refused = await get(bob, unknown)
    assert refused[0] == 404
    assert (await get(bob, own) == refused) is site.is_public
    async with joining(ann, None) as stranger:
        assert (await get(stranger, own) == refused) is site.is_public


async def test_vote_on_a_card_of_another_visitor_is_as_on_an_unknown_one(app: FakeApp) -> None:
    async with visiting(events.build(app.services, PUBLIC)) as ann, joining(ann) as bob:
        (card,) = await say(ann, LINK)
        await vote(ann, card["id"])
        refusals = []
        for number in (card["id"], 77, 2**40, 2**63 - 1):
            body = {"card": number, "kind": "choice", "genre": "jazz", "added": True}
            async with bob.post("/api/votes", json=body) as response:
                refusals.append(await answered(response))
        assert refusals[0][0] == 404
        assert web_page.NOT_YOUR_CARD.encode() in refusals[0][1]
        assert all(refusal == refusals[0] for refusal in refusals)
        assert await app.votes.tally(card["id"]) == {"country": 1}


async def test_forgotten_visitor_has_no_history_answers_or_cards(
    site: Site, ann: Client, bob: Client
) -> None:
    await say(ann, f"{LINK} {ALBUM_LINK}")
    await drop(ann, MUSIC, message_id="dropped-file")
    bobs = await say(bob, LINK)
    (notice,) = await say(ann, "/Forget-me please", "forget-me-1")
    assert notice["code"] == "done"
    assert await history(ann) == await earlier(ann) == await earlier(ann, "dropped-file") == []
    for path in PATHS if site.is_public else ():
        assert (await get(ann, path.format(card=1, summary=1)))[0] == 404
    assert [one["card"] for one in await history(bob)] == await earlier(bob) == bobs
    await say(ann, LINK)
    assert len(await history(ann)) == 1


async def test_failed_request_to_be_forgotten_keeps_history(
    app: FakeApp, ann: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await say(ann, LINK)

    async def fail(_: str) -> int:
        raise OSError

    monkeypatch.setattr(app.votes, "forget", fail)
    async with ann.post("/api/messages", json={"id": "forget-me-1", "text": "/forget-me"}) as asked:
        assert asked.status == 500
    assert len(await history(ann)) == len(await earlier(ann)) == 1


async def test_votes_from_two_tabs_are_one_ballot_which_the_other_tab_learns(
    ann: Client,
) -> None:
    (card,) = await say(ann, LINK)
    async with joining(ann, ANN) as tab:
        await vote(ann, card["id"], genre="country")
        assert (await history(tab))[0]["card"]["ballot"]["counted"] == "country"
        await vote(tab, card["id"], genre="jazz")
        (again,) = await say(ann, LINK, "asked-again")
        assert again["ballot"]["counted"] == "jazz"
        back = await vote(ann, card["id"], genre="country", added=False)
        assert back["ballot"]["counted"] == "jazz"  # the tab's view was outdated
        (shown, _) = await history(tab)
        assert shown["card"]["tally"] == "1 says jazz."


async def test_votes_from_two_tabs_are_recorded_in_the_order_of_their_arrival(
    app: FakeApp, ann: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    (card,) = await say(ann, LINK)
    get_card, reading, proceed = app.predictions.get, asyncio.Event(), asyncio.Event()
    decide, decided = app.votes.change, asyncio.Queue[None]()

    async def get_slowly(*arguments: Any) -> Any:
        if not reading.is_set():
            reading.set()
            await proceed.wait()
        return await get_card(*arguments)

    async def change(*arguments: Any) -> Any:
        decided.put_nowait(None)
        return await decide(*arguments)

    monkeypatch.setattr(app.predictions, "get", get_slowly)
    monkeypatch.setattr(app.votes, "change", change)
    async with joining(ann, ANN) as tab, joining(ann) as bob:
        first = asyncio.create_task(vote(ann, card["id"], genre="country"))
        await reading.wait()
        second = asyncio.create_task(vote(tab, card["id"], genre="jazz"))
        (other,) = await say(bob, LINK)
        await vote(bob, other["id"], genre="folk")  # nobody waits for another visitor
        assert decided.qsize() == 1
        proceed.set()
        await first
        assert (await second)["ballot"]["counted"] == "jazz"
