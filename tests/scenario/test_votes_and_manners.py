"""One scenario on every platform: the buttons of a card, and what a person expects of a bot."""

import struct

import pytest

from bot.domain.pictures import SHARE_PIXELS
from tests.scenario.drivers import DisplayedCard
from tests.scenario.story import Start
from tests.support.factories import HEROES, OLD_TOWN_ROAD

CHATS = ["discord", "discord on the wire", "slack-socket", "slack-http"]

ROAD_LINK = f"https://open.spotify.com/track/{OLD_TOWN_ROAD}"
HEROES_LINK = f"https://open.spotify.com/track/{HEROES}"


@pytest.mark.parametrize("start", ["web", "public web", *CHATS], indirect=True)
async def test_one_press_votes_one_takes_back_and_details_and_picture_are_asked_for(
    start: Start,
) -> None:
    async with start() as person:
        (road,) = await person.paste(ROAD_LINK)
        assert isinstance(road, DisplayedCard)
        assert "Filed under hip-hop and country." in road.text
        assert "Model:" not in road.text
        assert "Model: wide" in await person.details(road)

        assert await person.press(road, "country") == "country"
        assert await person.press(road, "pop") == "pop"
        picture = await person.save(road)
        assert await person.take_back(road) is None
        assert await person.press(road, "country") == "country"

    assert struct.unpack(">II", picture[16:24]) == (SHARE_PIXELS, SHARE_PIXELS)
    async with start() as person:
        (card,) = await person.history()
        assert card.counted == "country"
        assert "1 says country." in card.text
        assert await person.save(card) != picture  # the split of the votes is another one


@pytest.mark.parametrize("start", CHATS, indirect=True)
async def test_a_silenced_message_is_answered_when_edited_and_its_card_follows_its_links(
    start: Start,
) -> None:
    async with start() as person:
        await person.say(f"!{ROAD_LINK}")
        (road,) = await person.edit(ROAD_LINK)
        assert "Old Town Road" in road.text
        (heroes,) = await person.edit(HEROES_LINK)
        assert "Heroes" in heroes.text
        assert len(await person.edit(f"{HEROES_LINK} {ROAD_LINK}")) == 2
        (left,) = await person.edit(HEROES_LINK)
        assert left.id == heroes.id
        await person.throw_away(left)
        assert await person.history() == []
