"""One scenario on every platform: paste, vote, change, take back, restart, statistics."""

import pytest

from tests.scenario.conftest import Start
from tests.scenario.drivers import DisplayedCard
from tests.support.factories import HEROES, OLD_TOWN_ROAD

WITH_REACTIONS = ["discord", "discord on the wire", "slack-socket", "slack-http"]


@pytest.mark.parametrize("start", ["web", *WITH_REACTIONS], indirect=True)
async def test_paste_vote_change_take_back_restart_statistics(start: Start) -> None:
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


@pytest.mark.parametrize("start", WITH_REACTIONS, indirect=True)
async def test_reactions_coexist_until_a_choice_replaces_them(start: Start) -> None:
    async with start() as person:
        (road,) = await person.paste(f"https://open.spotify.com/track/{OLD_TOWN_ROAD}")
        assert isinstance(road, DisplayedCard)
        assert await person.vote(road, "reaction", "hip-hop") == "hip-hop"
        assert await person.vote(road, "reaction", "pop") == "pop"
        assert await person.vote(road, "reaction", "pop", added=False) == "hip-hop"
        assert await person.vote(road, "choice", "jazz") == "jazz"
        assert await person.vote(road, "choice", "jazz", added=False) is None
