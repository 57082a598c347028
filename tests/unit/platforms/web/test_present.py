"""Cards and charts as the page receives them."""

import pytest

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
