"""Cards and charts as the page receives them."""

import pytest

from bot.domain.cards import Card
from bot.domain.tracks import Track
from bot.domain.votes import Ballot
from bot.platforms.web import present
from tests.support import fake_services
from tests.support.fake_services import FakeServices
from tests.unit.platforms.web.conftest import EVIL_TITLE, Client
from tests.unit.platforms.web.requests import say


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


def test_an_answer_that_is_not_stored_has_no_number_and_no_addresses_that_need_one() -> None:
    found = fake_services.answer(Track("2YpeDb67231RjR0MgVLzsG", "Old Town Road", ("Lil Nas X",)))
    shown = present.answer(found, {"folk": 2})
    assert "id" not in shown
    assert (shown["chart"], shown["save"]) == (None, None)
    card = present.card(Card(7, found), Ballot(), {"folk": 2})
    own = {key: card[key] for key in ("id", "ballot", "chart", "save")}
    assert card == shown | own
    assert own["chart"]["dark"].startswith("/charts/7.png?theme=dark&v=")
    song = present.song(found, "2YpeDb67231RjR0MgVLzsG", "v1", {"folk": 2})
    page = "/song/2YpeDb67231RjR0MgVLzsG"
    assert song["chart"]["light"] == f"{page}/chart.png?theme=light&v=v1"
    assert song["save"] == own["save"] | {"address": f"{page}/card"}
    assert song["song"] == shown["song"]
    assert "id" not in song
