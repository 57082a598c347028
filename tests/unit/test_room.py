"""The manners of a chat that many people share: once, by its settings, and not too often."""

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import texts
from bot.errors import StorageFailed
from bot.handlers import Room
from bot.room import PER_CHANNEL, PER_PERSON
from bot.values import (
    Again,
    Card,
    ChannelSettings,
    Message,
    Mode,
    Notice,
    Place,
    Reply,
    SettingsChange,
    Stats,
    Theme,
    Vote,
    VoteKind,
)
from tests.factories import HEROES, OLD_TOWN_ROAD, message, track
from tests.world import LINK, World

HERE = Place("test", "w", "c")
SERVER = replace(HERE, channel="")
OFF = ChannelSettings(Mode.OFF)
ON_REQUEST = ChannelSettings(Mode.ON_REQUEST)
OTHER = f"spotify:track:{HEROES}"


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def room(world: World) -> Room:
    return world.room


async def broken(*_: object, **__: object) -> None:
    raise StorageFailed("gone")


async def paste(
    world: World, text: str, message_id: str, user: str = "ann", *, addressed: bool = False
) -> list[Reply | Again]:
    """Paste `text` and show what comes of it in the message "re:" + its id."""
    written = message(text, message_id, user)
    replies = await world.room.on_pasted(written, addressed=addressed)
    for number, reply in enumerate(replies):
        await world.core.on_shown(written, f"re:{message_id}:{number}", reply)
    return list(replies)


async def test_a_message_is_answered_once_whoever_delivers_it_again(room: Room) -> None:
    both = await asyncio.gather(
        room.on_pasted(message(LINK), addressed=False),
        room.on_pasted(message(LINK), addressed=False),
    )
    assert sorted(map(len, both)) == [0, 1]
    assert await room.on_pasted(message(LINK), addressed=True) == []
    assert await room.on_asked(message(LINK)) == []


async def test_a_mention_without_a_link_gets_its_hint_once(room: Room) -> None:
    hello = message("hello")
    assert await room.on_pasted(hello, addressed=True) == [Notice("hint", texts.HINT)]
    assert await room.on_pasted(hello, addressed=True) == []


async def test_messages_of_one_id_in_two_channels_are_two(room: Room) -> None:
    for channel in ("c", "d"):
        assert len(await room.on_pasted(message(LINK, channel=channel), addressed=False)) == 1


async def test_a_message_is_answered_even_when_it_cannot_be_noted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.events, "first_time", broken)
    assert isinstance((await paste(world, LINK, "m1"))[0], Card)


async def test_a_message_without_a_link_is_not_even_noted(world: World) -> None:
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
    world: World, held: ChannelSettings, *, addressed: bool, codes: list[str]
) -> None:
    world.settings.set[HERE] = held
    replies = await paste(world, LINK, "m1", addressed=addressed)
    assert [reply.code if isinstance(reply, Notice) else "card" for reply in replies] == codes


async def test_a_thread_follows_its_parent_and_a_channel_its_workspace(world: World) -> None:
    world.settings.set[SERVER] = OFF
    thread = replace(message(LINK, channel="t"), parent="c")
    assert await world.room.on_pasted(thread, addressed=False) == []
    world.settings.set[HERE] = ChannelSettings()
    assert len(await world.room.on_pasted(thread, addressed=False)) == 1


async def test_the_defaults_hold_when_settings_cannot_be_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.settings, "get", broken)
    assert isinstance((await paste(world, LINK, "m1"))[0], Card)


async def test_a_card_is_pointed_to_for_ten_minutes(world: World) -> None:
    (card,) = await paste(world, LINK, "m1")
    assert isinstance(card, Card)
    world.wait(minutes=10)
    assert await paste(world, LINK, "m2", "bob") == [Again(card, "re:m1:0")]
    world.wait(seconds=1)
    (later,) = await paste(world, LINK, "m3")
    assert isinstance(later, Card)


async def test_of_two_who_paste_a_link_at_once_the_second_is_pointed_to_the_card(
    world: World,
) -> None:
    first, second = await asyncio.gather(paste(world, LINK, "m1"), paste(world, LINK, "m2", "bob"))
    assert isinstance(first[0], Card)
    assert second == [Again(first[0], "re:m1:0")]


async def test_a_card_that_never_arrived_holds_nobody_up(world: World) -> None:
    lost = message(LINK, "m1")
    await world.room.on_pasted(lost, addressed=False)
    await world.room.on_undelivered(lost)
    assert isinstance((await paste(world, LINK, "m2"))[0], Card)
    assert isinstance((await world.room.on_pasted(lost, addressed=False))[0], Again)


async def test_a_card_of_another_model_is_not_pointed_to(world: World) -> None:
    await paste(world, LINK, "m1")
    await world.room.change(HERE, SettingsChange(model="other"))
    assert isinstance((await paste(world, LINK, "m2"))[0], Card)


async def test_beside_cards_nothing_is_said_of_other_links_and_without_them_one_thing(
    world: World,
) -> None:
    album, artist = LINK.replace("track", "album"), LINK.replace("track", "artist")
    (card,) = await paste(world, f"{album} {LINK} {artist}", "m1")
    assert isinstance(card, Card)
    (notice,) = await paste(world, f"{album} {artist}", "m2")
    assert isinstance(notice, Notice)


async def test_a_card_that_was_deleted_is_not_pointed_to(world: World) -> None:
    await paste(world, LINK, "m1")
    await world.room.on_deleted(HERE, "re:m1:0")
    assert isinstance((await paste(world, LINK, "m2"))[0], Card)


async def test_a_card_in_another_channel_is_not_pointed_to(world: World) -> None:
    await paste(world, LINK, "m1")
    (reply,) = await world.room.on_pasted(message(LINK, channel="d"), addressed=False)
    assert isinstance(reply, Card)


async def test_a_command_gets_a_card_where_a_link_is_pointed_to_one(world: World) -> None:
    await paste(world, LINK, "m1")
    (reply,) = await world.room.on_asked(message(LINK, "m2"))
    assert isinstance(reply, Card)


async def test_new_and_known_links_of_a_message_keep_their_order(world: World) -> None:
    await paste(world, LINK, "m1")
    again, card = await paste(world, f"{LINK} {OTHER}", "m2")
    assert isinstance(again, Again)
    assert isinstance(card, Card)


async def test_whoever_pastes_too_often_is_told_once_and_waits(world: World) -> None:
    for number in range(PER_PERSON):
        assert len(await paste(world, LINK, f"m{number}")) == 1
    (told,) = await paste(world, LINK, "told")
    assert isinstance(told, Notice)
    assert told.code == "busy"
    assert await paste(world, LINK, "silence") == []
    assert len(await paste(world, LINK, "bob's", "bob")) == 1


async def test_whoever_asks_too_often_is_told_each_time(world: World) -> None:
    for number in range(PER_PERSON):
        await world.room.on_asked(message(LINK, f"m{number}"))
    for number in range(2):
        (told,) = await world.room.on_asked(message(LINK, f"told{number}"))
        assert isinstance(told, Notice)
        assert told.code == "busy"


async def test_a_channel_has_a_pace_of_its_own(world: World) -> None:
    for number in range(PER_CHANNEL):
        assert len(await paste(world, LINK, f"m{number}", f"user{number}")) == 1
    (told,) = await paste(world, LINK, "told", "someone else")
    assert isinstance(told, Notice)
    assert told.code == "channel_busy"
    assert await paste(world, LINK, "told again", "another one") == []
    replies = await world.room.on_pasted(message(LINK, channel="d"), addressed=False)
    assert len(replies) == 1


async def test_deleting_a_message_names_all_answers_to_it(world: World) -> None:
    await paste(world, f"{LINK} {OTHER}", "m1")
    assert set(await world.room.on_deleted(HERE, "m1")) == {"re:m1:0", "re:m1:1"}
    assert await world.room.on_deleted(HERE, "m1") == []


async def test_nothing_is_deleted_when_the_database_is_away(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.messages, "drop", broken)
    assert await world.room.on_deleted(HERE, "m1") == []


async def test_only_the_asker_has_asked(world: World) -> None:
    await paste(world, LINK, "m1")
    assert await world.room.asked(HERE, "re:m1:0", "ann")
    assert not await world.room.asked(HERE, "re:m1:0", "bob")
    assert not await world.room.asked(HERE, "another", "ann")


async def test_nobody_has_asked_when_the_database_is_away(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.messages, "asked", broken)
    assert not await world.room.asked(HERE, "re:m1:0", "ann")


@pytest.mark.parametrize("typed", ["", " ", "h", "  h  ", LINK, f"see {OTHER}"])
async def test_nothing_is_suggested_for_what_names_no_song(world: World, typed: str) -> None:
    assert await world.room.suggest(typed) == []
    assert world.catalog.asked == 0


async def test_suggestions_are_remembered_however_they_are_typed(world: World) -> None:
    first = await world.room.suggest("Heroes")
    assert [found.id for found in first] == [HEROES]
    assert await world.room.suggest("  hEROES ") == first
    assert world.catalog.asked == 1


async def test_trouble_suggests_nothing_and_is_not_remembered(world: World) -> None:
    world.catalog.away = True
    assert await world.room.suggest("Heroes") == []
    world.catalog.away = False
    assert len(await world.room.suggest("Heroes")) == 1


@given(st.text(max_size=400))
async def test_whatever_is_written_nothing_raises_and_whoever_asks_is_answered(text: str) -> None:
    world = World()
    assert len(await world.room.suggest(text)) <= len(world.catalog.tracks)
    assert await world.room.on_asked(message(text, "asked"))
    for addressed in (False, True):
        await world.room.on_pasted(message(text, f"pasted {addressed}"), addressed=addressed)


async def test_settings_are_changed_and_said_back(world: World) -> None:
    done = await world.room.change(HERE, SettingsChange(Mode.ON_REQUEST))
    assert done == Notice("done", texts.settings(ON_REQUEST, everywhere=False))
    assert await world.room.held(HERE) == done
    assert await world.room.settings(HERE) == ON_REQUEST
    default = texts.settings(ChannelSettings(), everywhere=False)
    assert await world.room.change(HERE, None) == Notice("done", default)
    everywhere = await world.room.change(SERVER, SettingsChange(Mode.ON_REQUEST))
    assert everywhere.text == texts.settings(ON_REQUEST, everywhere=True)


async def test_a_model_that_is_not_there_is_refused(world: World) -> None:
    notice = await world.room.change(HERE, SettingsChange(model="gone"))
    assert notice.code == "model_error"
    assert world.settings.set == {}


async def test_a_channel_is_answered_by_its_model(world: World) -> None:
    await world.room.change(HERE, SettingsChange(model="other"))
    for replies in (await paste(world, LINK, "m1"), await world.room.on_asked(message(LINK, "m2"))):
        assert isinstance(replies[0], Card)
        assert replies[0].answer.model.name == "other"


async def test_stats_count_a_workspace_and_are_drawn(world: World) -> None:
    (card,) = await paste(world, LINK, "m1")
    assert isinstance(card, Card)
    await world.core.on_vote(Vote(HERE, card.id, "ann", VoteKind.RIGHT))
    stats = await world.room.stats(replace(HERE, channel="another"))
    assert isinstance(stats, Stats)
    assert (stats.answers, stats.tracks, stats.votes, stats.agreed) == (1, 1, 1, 1)
    assert await world.room.stats_chart(stats, Theme.DARK) == b"1 tracks dark"


async def test_a_workspace_without_answers_is_told_so(room: Room) -> None:
    assert await room.stats(HERE) == Notice("empty", texts.NO_STATS)


async def test_figures_that_cannot_be_drawn_are_still_figures(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await paste(world, LINK, "m1")
    stats = await world.room.stats(HERE)
    assert isinstance(stats, Stats)
    monkeypatch.setattr(world.renderer, "stats", broken)
    assert await world.room.stats_chart(stats, Theme.DARK) is None


@pytest.mark.parametrize("use", ["held", "stats", "change"])
async def test_a_database_that_is_away_is_told_in_words(
    world: World, monkeypatch: pytest.MonkeyPatch, use: str
) -> None:
    for store, method in ((world.settings, "put"), (world.settings, "get"), (world.stats, "of")):
        monkeypatch.setattr(store, method, broken)
    replies = {
        "held": world.room.held(HERE),
        "stats": world.room.stats(HERE),
        "change": world.room.change(HERE, SettingsChange(Mode.OFF)),
    }
    chosen = replies.pop(use)
    for other in replies.values():
        other.close()
    reply = await chosen
    assert isinstance(reply, Notice)
    assert reply.code == ("done" if use == "held" else "unavailable")


async def test_a_song_without_an_id_can_be_asked_for_by_name(world: World) -> None:
    world.catalog.tracks = [track(None)]
    world.features.known = {track(None).key: world.features.known[OLD_TOWN_ROAD]}
    asked = Message(HERE, "m1", "ann", "old town road")
    (reply,) = await world.room.on_asked(asked)
    assert isinstance(reply, Card)
