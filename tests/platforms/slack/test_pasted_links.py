"""What people paste, and what they see."""

import pytest

from bot import texts
from bot.domain.channel_settings import ChannelSettings, Mode
from bot.platforms.slack import emoji_names as names
from bot.texts import slack as own
from tests.platforms.slack.running import OTHER, Wire, signs, words
from tests.stubs.slack.blocks import elements
from tests.support.fake_app import LINK


async def test_a_pasted_link_is_answered_in_its_thread_with_card_chart_and_reactions(
    wire: Wire,
) -> None:
    async with wire.bot():
        ts, told = wire.people.post(wire.music, wire.ada, f"listen: {LINK}")
        (card,) = await wire.stub.sent(wire.music)
        await wire.stub.called("reactions.add", 4)
    assert card["thread_ts"] == ts
    assert "Old Town Road" in words(card)
    assert signs(card, wire.team.bot_user)[0] == names.RIGHT
    (file,) = wire.stub.state.files.values()
    assert file.data == b"Old Town Road - Remix light"
    assert "Radar chart" in file.alt
    where, shown = file.shared or ("", "")
    assert wire.stub.state.messages[where, shown]["thread_ts"] == ts
    assert [delivery.status for delivery in told] == [200, 200]


async def test_one_message_in_three_events_is_answered_once(wire: Wire) -> None:
    async with wire.bot():
        _, told = wire.people.post(wire.music, wire.ada, f"{wire.mention} {LINK}")
        assert [delivery.payload["event"]["type"] for delivery in told] == [
            "message",
            "app_mention",
            "link_shared",
        ]
        await wire.stub.taken(told)
        await wire.fence()
    assert len(wire.stub.messages(wire.music)) == 2  # the card, and the answer to the fence


async def test_in_a_channel_on_request_only_a_mention_is_answered(wire: Wire) -> None:
    wire.settle_for(ChannelSettings(mode=Mode.ON_REQUEST))
    async with wire.bot():
        wire.people.post(wire.music, wire.ada, OTHER)
        await wire.card(f"{wire.mention} {LINK}")
    assert len(wire.stub.messages(wire.music)) == 1


async def test_a_direct_message_is_answered_and_one_without_a_link_gets_a_hint(wire: Wire) -> None:
    direct = wire.people.channel(wire.team, "im")
    async with wire.bot():
        await wire.card(LINK, direct)
        wire.people.post(direct, wire.ada, "hello")
        _, hint = await wire.stub.sent(direct, 2)
    assert words(hint) == texts.HINT


async def test_an_event_that_comes_again_is_not_answered_again(wire: Wire) -> None:
    async with wire.bot():
        _, told = wire.people.post(wire.music, wire.ada, LINK)
        await wire.stub.sent(wire.music)
        for delivery in told:
            wire.stub.deliveries.again(delivery)
        await wire.stub.taken(told)
        await wire.fence()
    assert len(wire.stub.messages(wire.music)) == 2  # the card, and the answer to the fence


async def test_an_event_that_comes_again_after_a_restart_is_not_answered_again(wire: Wire) -> None:
    async with wire.bot():
        _, told = wire.people.post(wire.music, wire.ada, LINK)
        await wire.stub.sent(wire.music)
    async with wire.bot():
        for delivery in told:
            wire.stub.deliveries.again(delivery)
        await wire.stub.taken(told)
        await wire.fence()
    assert len(wire.stub.messages(wire.music)) == 2  # the card, and the answer to the fence


@pytest.mark.parametrize("subtype", ["me_message", "thread_broadcast", "file_share"])
async def test_a_link_is_answered_in_whatever_form_somebody_writes_it(
    wire: Wire, subtype: str
) -> None:
    async with wire.bot():
        message = wire.people.write(wire.music, wire.ada, f"listens to {LINK}")
        wire.people.told(wire.music, message | {"subtype": subtype})
        (card,) = await wire.stub.sent(wire.music)
    assert "Old Town Road" in words(card)


async def test_a_track_of_a_moment_ago_is_pointed_to(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        wire.people.post(wire.music, wire.bob, LINK)
        _, pointer = await wire.stub.sent(wire.music, 2)
    assert f"p{card['ts'].replace('.', '')}" in words(pointer)
    assert "&amp;cid=" in words(pointer)


async def test_a_track_whose_card_is_gone_unnoticed_is_answered_anew(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        del wire.stub.state.messages[wire.music.id, card["ts"]]
        anew = await wire.card(LINK)
    assert "Old Town Road" in words(anew)


async def test_the_menu_offers_every_genre_and_a_way_back(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
    (menu,) = elements(card["blocks"], "static_select")
    assert len(menu["options"]) == 14
    assert own.AGREE in words(card)
