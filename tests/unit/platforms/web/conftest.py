"""A client of the web platform, by default in the page's own origin."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.tracks import Track
from bot.platforms.web import events
from tests.support.fake_services import FakeServices, plain_png
from tests.support.web_visitors import Client, visiting

__all__ = ["Client"]

EVIL_TITLE = '</script><script>alert("1")</script> & <b>'


@pytest.fixture
def fake() -> FakeServices:
    """Return services that know three songs."""
    songs = (
        Track("2YpeDb67231RjR0MgVLzsG", "Old Town Road", ("Lil Nas X",)),
        Track(None, "Heroes", ("David Bowie",)),
        Track("e" * 22, EVIL_TITLE, ("x",), url="javascript:alert(1)", image="http://x.test/a.png"),
    )
    return FakeServices(songs, plain_png(10, 10))


@pytest.fixture
async def client(fake: FakeServices) -> AsyncIterator[Client]:
    """Return a client that is as the page of a visitor who was here before."""
    async with visiting(events.build(fake.services)) as running:
        yield running
