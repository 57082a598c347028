"""Cards and summaries of other chats are unknown to the page, as their ids can be counted."""

from dataclasses import replace

import pytest

from bot.domain.places import Place
from bot.domain.replies import NoticeKind
from bot.domain.votes import VoteKind
from bot.platforms.web.ids import PLACE
from tests.support.factories import track
from tests.support.fake_app import LINK, FakeApp
from tests.support.fake_collections import summary
from tests.support.fake_services import answer
from tests.unit.platforms.web.conftest import Client
from tests.unit.platforms.web.dropped import serving
from tests.unit.platforms.web.requests import history, say

ELSEWHERE = [
    Place("discord", "1", "2"),
    Place("slack", "T1", "C1"),
    Place("terminal", "local", "terminal"),
    replace(PLACE, platform="discord"),
    replace(PLACE, channel="another"),
]


async def status(client: Client, path: str) -> int:
    async with client.get(path) as response:
        return response.status


@pytest.mark.parametrize("place", ELSEWHERE, ids=str)
async def test_pictures_of_another_chat_are_not_found(place: Place) -> None:
    app = FakeApp()
    await app.predictions.add(answer(track()), place)
    await app.summaries.add(summary(), place)
    async with serving(app) as client:
        for path in ("cards/1.png", "cards/1.svg", "charts/1.png", "charts/summaries/1.png"):
            assert await status(client, f"/{path}?theme=dark") == 404, path
        await say(client, LINK)
        assert await status(client, "/cards/2.png") == 200
        assert await status(client, "/charts/2.png") == 200


async def test_summary_of_the_page_has_a_chart() -> None:
    app = FakeApp()
    await app.summaries.add(summary(), PLACE)
    async with serving(app) as client:
        assert await status(client, "/charts/summaries/1.png") == 200


@pytest.mark.parametrize("kind", sorted(VoteKind))
@pytest.mark.parametrize("added", [True, False])
async def test_vote_on_a_card_of_another_chat_is_refused(kind: VoteKind, *, added: bool) -> None:
    app = FakeApp()
    card = await app.predictions.add(answer(track()), Place("discord", "1", "2"))
    body = {"card": card.id, "kind": kind, "genre": "jazz", "added": added}
    async with serving(app) as client, client.post("/api/votes", json=body) as response:
        assert response.status == 409
        notice = (await response.json())["notice"]
    assert notice["code"] == NoticeKind.UNKNOWN_CARD
    assert card.answer.subject.title not in notice["text"]
    assert await app.votes.tally(card.id) == {}


async def test_history_shows_no_summary_of_another_chat() -> None:
    app = FakeApp()
    await app.summaries.add(summary(), Place("discord", "1", "2"))
    async with serving(app) as client:
        await say(client, LINK)
        message = app.messages.stored.popitem()[1]
        app.messages.stored[PLACE, "message-1/0/summary/1"] = replace(message, card_id=None)
        assert await history(client) == []
