"""One scenario on every platform: paste, vote, change, take back, restart, statistics."""

import pytest

from tests.scenario.drivers import DisplayedCard
from tests.scenario.story import Start, play
from tests.support.factories import OLD_TOWN_ROAD

WITH_REACTIONS = ["discord", "discord on the wire", "slack-socket", "slack-http"]


@pytest.mark.parametrize("start", ["web", "public web", *WITH_REACTIONS], indirect=True)
async def test_paste_vote_change_take_back_restart_statistics(start: Start) -> None:
    await play(start)


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
