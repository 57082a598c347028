"""Labels on the page: typed commands, cards, and none of it on a page for everyone."""

from collections.abc import AsyncIterator, Iterable
from typing import Any

import pytest

from bot.domain.errors import StorageFailed
from bot.platforms.web import events
from bot.platforms.web.ids import PLACE
from bot.texts import own_labels as words
from tests.support.factories import OLD_TOWN_ROAD
from tests.support.fake_app import LINK, FakeApp
from tests.support.label_songs import examples
from tests.support.web_visitors import Client, visiting
from tests.unit.platforms.web.public import serving, visit
from tests.unit.platforms.web.requests import ID, history, say, vote


@pytest.fixture
async def app() -> AsyncIterator[FakeApp]:
    """Return services on fakes; close them afterwards."""
    opened = FakeApp()
    yield opened
    await opened.close()


@pytest.fixture
async def page(app: FakeApp) -> AsyncIterator[Client]:
    """Return a client of the page of this computer."""
    async with visiting(events.build(app.services)) as running:
        yield running


async def said(client: Client, texts: Iterable[str]) -> list[str]:
    """Return the answers to messages, one after another."""
    return [
        (await say(client, text, f"labels-{number}"))[0]["text"]
        for number, text in enumerate(texts)
    ]


async def test_anyone_on_this_computer_teaches_lists_and_forgets(page: Client) -> None:
    taught, listed, forgotten, empty = await said(
        page,
        (
            f'/labels teach "late night" {LINK}',
            "/labels",
            "/labels forget late night",
            "/LABELS list",
        ),
    )
    assert taught.startswith("“late night” now has Old Town Road")
    assert listed.startswith("late night: 1 song, too few: cards can show it after 4 more")
    assert "is deleted" in forgotten
    assert empty == words.no_labels("web")


async def test_last_card_of_the_chat_teaches(page: Client, app: FakeApp) -> None:
    await say(page, LINK)
    (taught,) = await said(page, ["/labels teach gym"])
    assert taught.startswith("“gym” now has Old Town Road")
    (label,) = await app.own_labels.of(PLACE)
    assert [one.track_key for one in label.examples] == [OLD_TOWN_ROAD]


async def test_card_displays_the_label_and_keeps_it(page: Client, app: FakeApp) -> None:
    for example in examples(app.features.known[OLD_TOWN_ROAD], 5):
        await app.own_labels.teach(PLACE, "drum & bass", example)
    (card,) = await say(page, LINK)
    assert card["own_labels"].startswith("Your labels: drum & bass ")
    assert "<p>Your labels: drum &amp; bass " in card["html"]
    await vote(page, card["id"])
    (shown,) = await history(page)
    assert shown["card"]["own_labels"] == card["own_labels"]


async def test_page_of_a_song_does_not_display_labels(page: Client, app: FakeApp) -> None:
    for example in examples(app.features.known[OLD_TOWN_ROAD], 5):
        await app.own_labels.teach(PLACE, "gym", example)
    await say(page, LINK)
    app.features.away = True  # the page then has the newest card's answer
    async with page.get(f"/song/{OLD_TOWN_ROAD}") as response:
        assert response.status == 200
        assert "labels:" not in await response.text()
    # A vote there is on the card of the chat, not on a second one.
    await vote_on_song(page)
    assert len(app.predictions.cards) == 1


async def vote_on_song(client: Client) -> dict[str, Any]:
    body = {"song": OLD_TOWN_ROAD, "kind": "choice", "genre": "jazz", "added": True}
    async with client.post("/api/votes", json=body) as response:
        assert response.status == 200, await response.text()
        answer: dict[str, Any] = await response.json()
        return answer


async def test_page_for_everyone_has_no_labels(app: FakeApp) -> None:
    async with serving(app.services) as client:
        message = {"id": ID, "text": f"/labels teach gym {LINK}"}
        async with client.post("/api/messages", json=message, headers=visit()) as response:
            (reply,) = (await response.json())["replies"]
        async with client.get("/", headers=visit()) as response:
            page = await response.text()
    assert reply["text"] == words.NOT_ON_PUBLIC_PAGE
    assert app.own_labels.labels == {} or not any(app.own_labels.labels.values())
    assert "/forget-me" in page
    assert "/labels" not in page


async def test_database_that_is_away_is_said_of_the_labels(page: Client, app: FakeApp) -> None:
    app.own_labels.error = StorageFailed("away")
    assert await said(page, ["/labels", "/labels teach gym heroes"]) == [words.DATABASE_AWAY] * 2


async def test_page_of_this_computer_suggests_the_command(page: Client) -> None:
    async with page.get("/") as response:
        assert "/labels" in await response.text()
