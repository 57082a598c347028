"""The scenario of every platform: paste, vote, change, take back, restart, statistics."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from tests.scenario.drivers import DisplayedCard
from tests.support.factories import HEROES, OLD_TOWN_ROAD

Start = Callable[..., AbstractAsyncContextManager[Any]]
"""Starts the bot, with settings as keywords; yields a `Driver`."""


async def play(start: Start) -> None:
    """Paste two songs, vote on them, restart the bot, and take a vote back."""
    async with start() as person:
        road, heroes = await person.paste(
            f"https://open.spotify.com/track/{OLD_TOWN_ROAD} and spotify:track:{HEROES}"
        )
        assert isinstance(road, DisplayedCard)
        assert isinstance(heroes, DisplayedCard)
        assert "Old Town Road" in road.text
        assert "Why hip-hop: very danceable" in road.text
        assert "Heroes" in heroes.text
        assert road.chart.startswith(b"\x89PNG")
        assert road.chart != heroes.chart
        assert road.counted is None

        assert await person.vote(road, "choice", "pop") == "pop"
        assert await person.vote(road, "choice", "jazz") == "jazz"
        assert await person.vote(road, "choice", "jazz", added=False) is None
        assert await person.vote(road, "choice", "country") == "country"
        assert await person.vote(heroes, "right", "rock") is not None

        (sentence,) = await person.paste(f"https://open.spotify.com/album/{OLD_TOWN_ROAD}")
        assert isinstance(sentence, str)
        assert "album" in sentence

    async with start() as person:
        cards = {card.id: card for card in await person.history()}
        assert cards[road.id].counted == "country"
        assert cards[road.id].chart == road.chart
        assert cards[heroes.id].counted is not None
        stats = await person.stats()
        assert "2 tracks in 2 answers" in stats
        assert "in 1 of 2 votes" in stats
        assert await person.vote(road, "choice", "country", added=False) is None
        assert "in 1 of 1 vote" in await person.stats()
