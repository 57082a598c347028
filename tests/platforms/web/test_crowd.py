"""Many visitors at once, on the real model and storage."""

import gc
from ipaddress import ip_network
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from bot.platforms.web import delivery, events
from bot.platforms.web.ids import PUBLIC_PLACE
from bot.platforms.web.site import Site
from bot.runtime import composition
from tests.support.bot_process import offline_settings
from tests.support.web_crowd import Visit, address_of, popular_songs, visit_all

CONNECTIONS = 100
SITE = Site(is_public=True, proxies=(ip_network("127.0.0.0/8"),))
"""Believes what the visitors say of their addresses, so that limits do not count them as one."""

CACHED = 2 * delivery.CACHE_SIZE
"""More visitors than this fill the bounded caches in the first half."""

OBJECTS_A_VISITOR = 8
"""Containers that may stay in memory for each visitor: those of `Visit`, no answer."""


@pytest.mark.parametrize("count", [30, pytest.param(1000, marks=pytest.mark.long)])
async def test_each_of_many_visitors_gets_the_card_of_the_song(tmp_path: Path, count: int) -> None:
    visits: list[Visit] = []
    objects: list[int] = []
    async with composition.open_services(offline_settings(tmp_path)) as opened:
        async with TestServer(events.build(opened.services, SITE)) as server:
            for _ in range(2):
                address = str(server.make_url("/"))
                visits += await visit_all(address, count // 2, CONNECTIONS, address_of)
                gc.collect()
                objects.append(len(gc.get_objects()))
        stored = [
            await opened.services.cards.get(number, PUBLIC_PLACE)
            for one in visits
            for number, _ in one.cards
        ]
    assert len({one.cookie for one in visits}) == len(visits) == count
    for one, card in zip(visits, stored, strict=True):
        ((number, title),) = one.cards
        assert card is not None
        assert title == card.answer.subject.title == one.title
        assert one.shown == [number]
    songs = set(popular_songs(count // 2))
    assert len({number for one in visits for number in one.shown}) == len(songs) < count
    if count > CACHED:
        assert objects[1] - objects[0] < OBJECTS_A_VISITOR * count // 2
