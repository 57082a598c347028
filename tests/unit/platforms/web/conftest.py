"""A client of the local chat, in the page's own origin unless a test says otherwise."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request

from bot.domain.tracks import Track
from bot.platforms.web import events
from tests.support.fake_services import FakeHandlers, plain_png

Client = TestClient[Request, Application]

EVIL_TITLE = '</script><script>alert("1")</script> & <b>'


@pytest.fixture
def handlers() -> FakeHandlers:
    """A core that knows three songs."""
    songs = (
        Track("2YpeDb67231RjR0MgVLzsG", "Old Town Road", ("Lil Nas X",)),
        Track(None, "Heroes", ("David Bowie",)),
        Track("e" * 22, EVIL_TITLE, ("x",), url="javascript:alert(1)", image="http://x.test/a.png"),
    )
    return FakeHandlers(songs, plain_png(10, 10))


@pytest.fixture
async def client(handlers: FakeHandlers) -> AsyncIterator[Client]:
    """A browser's fetch, as far as the server can tell."""
    app = events.build(handlers, "127.0.0.1")
    async with TestClient(TestServer(app)) as running:
        yield running
