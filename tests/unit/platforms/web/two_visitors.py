"""Fixtures: the page, local and public, and the browsers of two visitors."""

from collections.abc import AsyncIterator

import pytest

from bot.platforms.web import events
from bot.platforms.web.site import Site
from tests.support.fake_app import FakeApp
from tests.support.web_visitors import Client, joining, visiting


@pytest.fixture
def app() -> FakeApp:
    return FakeApp()


@pytest.fixture(params=[False, True], ids=["local", "public"])
def site(request: pytest.FixtureRequest) -> Site:
    return Site(is_public=request.param)


@pytest.fixture
async def ann(app: FakeApp, site: Site) -> AsyncIterator[Client]:
    async with visiting(events.build(app.services, site)) as client:
        yield client


@pytest.fixture
async def bob(ann: Client) -> AsyncIterator[Client]:
    async with joining(ann) as client:
        yield client
