"""A message is answered once, and as its channel wishes."""

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import texts
from bot.domain.cards import Card, Notice
from bot.domain.channel_settings import ChannelSettings, Mode
from bot.domain.places import Message
from bot.services.handlers import Room
from tests.support.factories import OLD_TOWN_ROAD, message, track
from tests.support.fake_app import LINK, FakeApp
from tests.support.group_chats import HERE, SERVER, broken, paste

OFF = ChannelSettings(Mode.OFF)
ON_REQUEST = ChannelSettings(Mode.ON_REQUEST)


async def test_a_message_is_answered_once_whoever_delivers_it_again(room: Room) -> None:
    both = await asyncio.gather(
        room.on_pasted(message(LINK), addressed=False),
        room.on_pasted(message(LINK), addressed=False),
    )
    assert sorted(map(len, both)) == [0, 1]
    assert await room.on_pasted(message(LINK), addressed=True) == []
    assert await room.on_asked(message(LINK)) == []


async def test_a_message_that_was_met_otherwise_is_not_answered(room: Room) -> None:
    assert await room.first_time(HERE, "m1")
    assert not await room.first_time(HERE, "m1")
    assert await room.on_pasted(message(LINK, "m1"), addressed=True) == []


async def test_a_mention_without_a_link_gets_its_hint_once(room: Room) -> None:
    hello = message("hello")
    assert await room.on_pasted(hello, addressed=True) == [Notice("hint", texts.HINT)]
    assert await room.on_pasted(hello, addressed=True) == []


async def test_messages_of_one_id_in_two_channels_are_two(room: Room) -> None:
    for channel in ("c", "d"):
        assert len(await room.on_pasted(message(LINK, channel=channel), addressed=False)) == 1


async def test_a_message_is_answered_even_when_it_cannot_be_noted(
    world: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.events, "first_time", broken)
    assert isinstance((await paste(world, LINK, "m1"))[0], Card)


async def test_a_message_without_a_link_is_not_even_noted(world: FakeApp) -> None:
    assert await paste(world, "just words", "m1") == []
    assert world.events.seen == set()


@pytest.mark.parametrize(
    ("held", "addressed", "codes"),
    [
        (ChannelSettings(), False, ["card"]),
        (ChannelSettings(), True, ["card"]),
        (ON_REQUEST, False, []),
        (ON_REQUEST, True, ["card"]),
        (OFF, False, []),
        (OFF, True, ["off"]),
    ],
)
async def test_a_channel_is_answered_as_it_wishes(
    world: FakeApp, held: ChannelSettings, *, addressed: bool, codes: list[str]
) -> None:
    world.settings.set[HERE] = held
    replies = await paste(world, LINK, "m1", addressed=addressed)
    assert [reply.code if isinstance(reply, Notice) else "card" for reply in replies] == codes


async def test_a_thread_follows_its_parent_and_a_channel_its_workspace(world: FakeApp) -> None:
    world.settings.set[SERVER] = OFF
    thread = replace(message(LINK, channel="t"), parent="c")
    assert await world.room.on_pasted(thread, addressed=False) == []
    world.settings.set[HERE] = ChannelSettings()
    assert len(await world.room.on_pasted(thread, addressed=False)) == 1


async def test_the_defaults_hold_when_settings_cannot_be_read(
    world: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.settings, "get", broken)
    assert isinstance((await paste(world, LINK, "m1"))[0], Card)


async def test_beside_cards_nothing_is_said_of_other_links_and_without_them_one_thing(
    world: FakeApp,
) -> None:
    album, artist = LINK.replace("track", "album"), LINK.replace("track", "artist")
    (card,) = await paste(world, f"{album} {LINK} {artist}", "m1")
    assert isinstance(card, Card)
    (notice,) = await paste(world, f"{album} {artist}", "m2")
    assert isinstance(notice, Notice)


@given(st.text(max_size=400))
async def test_whatever_is_written_nothing_raises_and_whoever_asks_is_answered(text: str) -> None:
    world = FakeApp()
    assert len(await world.room.suggest(text)) <= len(world.catalog.tracks)
    assert await world.room.on_asked(message(text, "asked"))
    for addressed in (False, True):
        await world.room.on_pasted(message(text, f"pasted {addressed}"), addressed=addressed)


async def test_a_song_without_an_id_can_be_asked_for_by_name(world: FakeApp) -> None:
    world.catalog.tracks = [track(None)]
    world.features.known = {track(None).key: world.features.known[OLD_TOWN_ROAD]}
    asked = Message(HERE, "m1", "ann", "old town road")
    (reply,) = await world.room.on_asked(asked)
    assert isinstance(reply, Card)
