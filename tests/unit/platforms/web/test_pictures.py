"""Cards to save, as the page receives them."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import texts
from bot.platforms.web import present
from tests.support import factories
from tests.support.fake_app import FakeApp
from tests.support.fakes import FakeRenderer
from tests.unit.platforms.web.conftest import Client
from tests.unit.platforms.web.dropped import serving
from tests.unit.platforms.web.requests import say, vote

LINK = f"https://open.spotify.com/track/{factories.OLD_TOWN_ROAD}"


@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_card_is_a_picture_in_every_format_with_its_votes(theme: str) -> None:
    app = FakeApp()
    async with serving(app) as client:
        (card,) = await say(client, LINK)
        await vote(client, card["id"], genre="jazz")
        bodies = {}
        for format_ in card["save"]["formats"]:
            address = f"{card['save']['address']}.{format_}?theme={theme}"
            async with client.get(address) as response:
                assert response.status == 200
                assert "immutable" not in response.headers["Cache-Control"]
                name = unquote(response.headers["Content-Disposition"].partition("UTF-8''")[2])
                assert name == f"{card['save']['name']}.{format_}"
                bodies[response.content_type] = await response.text()
    assert sorted(bodies) == ["application/pdf", "image/png", "image/svg+xml"]
    assert all(f"1 says jazz. None {theme}" in body for body in bodies.values())


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/cards/99.png", 404),
        (f"/cards/{2**63}.svg", 404),
        ("/cards/0.png", 404),
        ("/cards/1.gif", 404),
        ("/cards/1.png?theme=pink", 400),
    ],
)
async def test_unknown_card_or_format_is_rejected(client: Client, path: str, status: int) -> None:
    await say(client, "heroes")
    async with client.get(path) as response:
        assert response.status == status
        assert response.headers["Cache-Control"] == "no-store"


async def test_card_that_cannot_be_drawn_is_a_sentence() -> None:
    async with serving(FakeApp(FakeRenderer(broken=True))) as client:
        await say(client, LINK)
        async with client.get("/cards/1.png") as response:
            assert response.status == 404
            assert (await response.json())["notice"]["text"] == texts.PICTURE_MISSING


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ('AC/DC: "Back\\in|Black"?', "AC DC Back in Black"),
        ("...", "soundslike"),
        ("حبيبي يا نور العين", "حبيبي يا نور العين"),
        ("x" * 10_000, "x" * 79 + "…"),
    ],
)
def test_file_is_named_after_the_song(title: str, expected: str) -> None:
    assert present.file_name(factories.track(title=title, artists=())) == expected


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_title_gives_a_file_name(title: str, artist: str) -> None:
    name = present.file_name(factories.track(title=title, artists=(artist,)))
    assert 0 < len(name) <= present.MAX_FILE_NAME
    assert not set(name) & set('\\/:*?"<>|\n\0')
    assert name == name.strip(" .")
    name.encode()
