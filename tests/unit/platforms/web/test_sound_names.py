"""Names of sound files that are sent to the page."""

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yarl import URL

from bot.domain.tracks import MAX_TITLE_LENGTH
from tests.support.fake_app import FakeApp
from tests.support.fake_listener import DAMAGED, MUSIC
from tests.unit.platforms.web.conftest import EVIL_TITLE, Client
from tests.unit.platforms.web.dropped import BYTES, address, drop, serving
from tests.unit.platforms.web.requests import ID


@pytest.fixture
def app() -> FakeApp:
    return FakeApp()


@pytest.fixture
async def client(app: FakeApp) -> AsyncIterator[Client]:
    async with serving(app) as running:
        yield running


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(EVIL_TITLE, id="markup"),
        pytest.param("\u202egnp.mp3", id="right to left"),
        pytest.param("a\nb\r\n\tc.mp3", id="lines"),
        pytest.param("a\0b.mp3", id="NUL"),
        pytest.param("../../etc/passwd", id="a path"),
        pytest.param("", id="empty"),
        pytest.param("\u200b\u2800", id="invisible"),
    ],
)
async def test_hostile_name_is_a_harmless_title(client: Client, app: FakeApp, name: str) -> None:
    app.listener.title = app.listener.artist = ""
    (card,) = await drop(client, MUSIC, name=name)
    title = app.predictions.cards[card["id"]].answer.subject.title
    assert "\0" not in title
    assert "/" not in title.replace("</script>", "")
    assert not {"\n", "\u202e"} & set(card["track"]["title"])
    assert card["track"]["title"]


@pytest.mark.parametrize("raw", ["%ff%fe.mp3", "%00", "%C3", "%ED%A0%80.mp3", "%25%zz", "x" * 5000])
async def test_name_that_is_no_text_or_very_long_is_read(
    client: Client, app: FakeApp, raw: str
) -> None:
    app.listener.title = app.listener.artist = ""
    url = client.make_url("/").join(URL(f"/api/sounds?id={ID}&name={raw}", encoded=True))
    async with client.session.post(url, data=MUSIC, headers=BYTES) as response:
        assert response.status == 200
        (card,) = (await response.json())["replies"]
    title = app.predictions.cards[card["id"]].answer.subject.title
    title.encode()
    assert len(title) <= MAX_TITLE_LENGTH


async def test_name_of_ten_thousand_characters_is_refused_or_read(client: Client) -> None:
    async with client.post(address("x" * 10_000), data=MUSIC, headers=BYTES) as response:
        assert response.status in (200, 400)


def test_any_name_is_stored_as_a_title() -> None:
    app, ids = FakeApp(), itertools.count(10_000_000)
    app.listener.title = app.listener.artist = ""

    async def title_of(client: Client, name: str) -> str:
        (card,) = await drop(client, MUSIC, name=name, message_id=str(next(ids)))
        return app.predictions.cards[card["id"]].answer.subject.title

    # One server for all names, as a start takes longer than a file.
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        client = runner.run(stack.enter_async_context(serving(app)))

        @settings(max_examples=50)
        @given(name=st.text(max_size=400))
        def check(name: str) -> None:
            title = runner.run(title_of(client, name))
            title.encode()
            assert "\0" not in title
            assert len(title) <= MAX_TITLE_LENGTH

        try:
            check()
        finally:
            runner.run(stack.aclose())


async def test_name_is_not_logged(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await drop(client, DAMAGED, name="a private name.mp3")
    # The bot's server has no access log, other than the tests'.
    ours = [one.getMessage() for one in caplog.records if one.name != "aiohttp.access"]
    assert ours
    assert "private" not in " ".join(ours)


async def test_long_name_is_cut_with_an_ellipsis(client: Client, app: FakeApp) -> None:
    app.listener.title = ""
    (card,) = await drop(client, MUSIC, name="x" * 500)
    title = app.predictions.cards[card["id"]].answer.subject.title
    assert title == "x" * (MAX_TITLE_LENGTH - 1) + "…"
