"""One script for every platform: paste, look, react, change, take back, correct, restart, stats."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path

import aiohttp
import pytest

from tests.scenario import discord_wire, drivers, slack
from tests.scenario.drivers import Driver, Seen
from tests.stubs.local_slack.stand_in import stand_in
from tests.support.factories import HEROES, OLD_TOWN_ROAD

Start = Callable[[], AbstractAsyncContextManager[Driver]]


@pytest.fixture(params=["local", "discord", "discord on the wire", "slack-socket", "slack-http"])
async def start(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Start]:
    """Start the bot on one platform; started again, it finds the same data and the same person."""
    match request.param:
        case "local":
            cookies = aiohttp.CookieJar(unsafe=True)  # cookies of a bare address, as in a browser
            yield partial(drivers.local, tmp_path, cookies)
        case "discord":
            yield partial(drivers.DiscordServer().with_bot, tmp_path)
        case "discord on the wire":
            yield partial(discord_wire.WireServer().with_bot, tmp_path)
        case way:
            async with stand_in(by_socket=way == "slack-socket") as workspace:
                yield partial(slack.with_bot, workspace, tmp_path)


async def test_paste_react_change_take_back_correct_restart_stats(start: Start) -> None:
    async with start() as person:
        road, heroes = await person.paste(
            f"https://open.spotify.com/track/{OLD_TOWN_ROAD} and spotify:track:{HEROES}"
        )
        assert isinstance(road, Seen)
        assert isinstance(heroes, Seen)
        assert "Old Town Road" in road.text
        assert "Why:" in road.text
        assert "Heroes" in heroes.text
        assert road.chart.startswith(b"\x89PNG")
        assert road.chart != heroes.chart
        assert road.counted is None

        assert await person.vote(road, "reaction", "hip-hop") == "hip-hop"
        assert await person.vote(road, "reaction", "pop") == "pop"
        assert await person.vote(road, "reaction", "pop", added=False) == "hip-hop"
        assert await person.vote(road, "reaction", "hip-hop", added=False) is None
        assert await person.vote(road, "choice", "country") == "country"
        assert await person.vote(heroes, "right", "rock") is not None

        (sentence,) = await person.paste(f"https://open.spotify.com/album/{OLD_TOWN_ROAD}")
        assert isinstance(sentence, str)
        assert "album" in sentence

    async with start() as person:
        again = {card.id: card for card in await person.look()}
        assert again[road.id].counted == "country"
        assert again[road.id].chart == road.chart
        assert again[heroes.id].counted is not None
        stats = await person.stats()
        assert "2 tracks in 2 answers" in stats
        assert "in 1 of 2 votes" in stats
        assert await person.vote(road, "choice", "country", added=False) is None
        assert "in 1 of 1 vote" in await person.stats()
