"""/genre and its words, and the shortcut on a message."""

import pytest

from bot import texts
from bot.domain.channel_settings import ChannelSettings, Mode
from bot.services.rate_limits import PER_PERSON
from bot.texts import slack as own
from tests.platforms.slack.running import Wire, words
from tests.stubs.slack import faults
from tests.stubs.slack.server import RESPOND
from tests.support.fake_app import LINK


@pytest.mark.parametrize("asked", [LINK, f"<{LINK}>", f"<{LINK}|a song>", "old town road"])
async def test_a_song_is_answered_in_the_channel(wire: Wire, asked: str) -> None:
    async with wire.bot():
        wire.people.command(wire.music, wire.ada, asked)
        (card,) = await wire.stub.sent(wire.music)
        await wire.stub.called("reactions.add", 4)
    assert "Old Town Road" in words(card)
    assert "thread_ts" not in card


async def test_a_command_is_acknowledged_before_its_work_is_done(wire: Wire) -> None:
    async with wire.bot():
        with wire.slow_answer() as (begun, go_on):
            asked = wire.people.command(wire.music, wire.ada, LINK)
            await wire.soon(begun.wait())
            await wire.stub.taken([asked])
            assert wire.stub.messages(wire.music) == []
            go_on.set()
            await wire.stub.sent(wire.music)


async def test_where_the_app_is_not_the_answer_comes_all_the_same(wire: Wire) -> None:
    elsewhere = wire.people.channel(wire.team, "im", joined=False)
    async with wire.bot():
        asked = wire.people.command(elsewhere, wire.ada, LINK)
        (card,) = await wire.stub.answered(asked)
    assert "Old Town Road" in words(card)
    assert card["response_type"] == "in_channel"


async def test_what_is_not_found_is_told_to_whoever_asked_alone(wire: Wire) -> None:
    async with wire.bot():
        asked = wire.people.command(wire.music, wire.ada, "nothing of the sort")
        (answer,) = await wire.stub.answered(asked)
    assert "nothing of the sort" not in words(answer)
    assert answer.get("response_type", "ephemeral") == "ephemeral"
    assert wire.stub.messages(wire.music) == []


async def test_a_command_that_slack_breaks_over_ends_in_a_sentence(wire: Wire) -> None:
    async with wire.bot():
        wire.stub.fail("chat.postMessage", faults.too_many(3600))
        asked = wire.people.command(wire.music, wire.ada, LINK)
        assert await wire.told(asked) == texts.TRY_AGAIN


async def test_a_command_that_cannot_even_be_apologised_for_is_survived(wire: Wire) -> None:
    async with wire.bot():
        wire.stub.fail("chat.postMessage", faults.too_many(3600))
        wire.stub.fail(RESPOND, faults.hang_up(), times=9)
        asked = wire.people.command(wire.music, wire.ada, LINK)
        await wire.stub.taken([asked])
        wire.stub._faults.clear()
        await wire.card(LINK)


@pytest.mark.parametrize("asked", ["", "help", " HELP "])
async def test_help_explains_with_the_reactions_that_are_votes(wire: Wire, asked: str) -> None:
    async with wire.bot():
        said = await wire.told(wire.people.command(wire.music, wire.ada, asked))
    assert own.HELP_TEXT in said
    assert ":saxophone:  jazz" in said


async def test_figures_are_shown_with_their_picture(wire: Wire) -> None:
    async with wire.bot():
        asked = wire.people.command(wire.music, wire.ada, "stats")
        assert await wire.told(asked) == texts.NO_STATS
        await wire.card(LINK)
        wire.people.command(wire.music, wire.ada, "stats")
        _, figures = await wire.stub.sent(wire.music, 2)
        await wire.stub.called("files.completeUploadExternal", 2)
    assert "1 track in 1 answer" in words(figures)
    assert [file.data for file in wire.stub.state.files.values()][1] == b"1 tracks light"


async def test_figures_come_also_where_the_app_is_not(wire: Wire) -> None:
    elsewhere = wire.people.channel(wire.team, joined=False)
    async with wire.bot():
        await wire.card(LINK)
        said = await wire.told(wire.people.command(elsewhere, wire.ada, "stats"))
    assert "1 track in 1 answer" in said


async def test_figures_without_their_picture_are_told_once(wire: Wire) -> None:
    async with wire.bot():
        await wire.card(LINK)
        wire.stub.fail("files.getUploadURLExternal", faults.refused("missing_scope"))
        asked = wire.people.command(wire.music, wire.ada, "stats")
        await wire.stub.sent(wire.music, 2)
        await wire.stub.called("files.getUploadURLExternal", 2)
        await wire.fence()
    assert len(wire.stub.messages(wire.music)) == 3  # the card, the figures, and the fence's
    assert wire.stub.answers(asked) == []


async def test_figures_come_no_faster_than_answers_do_and_once_for_each_command(
    wire: Wire,
) -> None:
    async with wire.bot():
        await wire.card(LINK)
        asked = [wire.people.command(wire.music, wire.bob, "stats") for _ in range(PER_PERSON + 1)]
        await wire.stub.sent(wire.music, 1 + PER_PERSON)
        await wire.stub.until(lambda: any(wire.stub.answers(one) for one in asked))
        for one in asked:
            wire.stub.deliveries.again(one)
        await wire.stub.taken(asked)
        await wire.fence()
    assert len(wire.stub.messages(wire.music)) == 1 + PER_PERSON + 1  # with the answer to the fence
    assert sum(len(wire.stub.answers(one)) for one in asked) == 1


async def test_figures_are_not_shown_where_the_bot_is_switched_off(wire: Wire) -> None:
    async with wire.bot():
        await wire.card(LINK)
        wire.settle_for(ChannelSettings(mode=Mode.OFF))
        said = await wire.told(wire.people.command(wire.music, wire.ada, "stats"))
    assert said == texts.SWITCHED_OFF
    assert len(wire.stub.messages(wire.music)) == 1


async def test_votes_are_forgotten_on_demand(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        await wire.told(wire.choose(card, wire.ada, "jazz"))
        said = await wire.told(wire.people.command(wire.music, wire.ada, "forget-me"))
    assert said == texts.data_deleted(1)


async def test_an_admin_and_the_channels_creator_may_change_settings(wire: Wire) -> None:
    admin = wire.people.user("admin", admin=True)
    own_channel = wire.people.channel(wire.team, "group", creator=wire.bob.id)
    async with wire.bot():
        for channel, user in ((wire.music, admin), (own_channel, wire.bob)):
            asked = wire.people.command(channel, user, "settings off reactions off")
            assert "silent" in await wire.told(asked)
            held = await wire.app.services.settings.of(wire.place(channel))
            assert held == ChannelSettings(mode=Mode.OFF, reactions=False)


async def test_anybody_else_may_look_and_not_touch(wire: Wire) -> None:
    async with wire.bot():
        asked = wire.people.command(wire.music, wire.bob, "settings off")
        assert await wire.told(asked) == own.NOT_ALLOWED
        asked = wire.people.command(wire.music, wire.bob, "settings")
        assert "every Spotify track link" in await wire.told(asked)
    assert await wire.app.services.settings.of(wire.place()) == ChannelSettings()


async def test_who_may_change_settings_is_nobody_when_slack_does_not_say(wire: Wire) -> None:
    admin = wire.people.user("admin", admin=True)
    async with wire.bot():
        wire.stub.fail("users.info", faults.refused("missing_scope"))
        asked = wire.people.command(wire.music, admin, "settings off")
        assert await wire.told(asked) == own.NOT_ALLOWED


async def test_settings_hold_for_the_whole_workspace_until_they_are_reset(wire: Wire) -> None:
    admin = wire.people.user("admin", admin=True)
    async with wire.bot():
        await wire.told(wire.people.command(wire.music, admin, "settings everywhere on-request"))
        held = await wire.app.services.settings.of(wire.place())
        assert held.mode is Mode.ON_REQUEST
        await wire.told(wire.people.command(wire.music, admin, "settings everywhere reset"))
        assert await wire.app.services.settings.of(wire.place()) == ChannelSettings()


@pytest.mark.parametrize("asked", ["loudly", "reactions", "reactions perhaps", "model", "auto x"])
async def test_settings_that_mean_nothing_change_nothing(wire: Wire, asked: str) -> None:
    admin = wire.people.user("admin", admin=True)
    async with wire.bot():
        said = await wire.told(wire.people.command(wire.music, admin, f"settings {asked}"))
    assert said == own.SETTINGS_USAGE
    assert await wire.app.services.settings.of(wire.place()) == ChannelSettings()


async def test_the_shortcut_answers_a_message_in_its_thread(wire: Wire) -> None:
    written = wire.people.write(wire.music, wire.bob, LINK)
    async with wire.bot():
        wire.shortcut(wire.music, written)
        (card,) = await wire.stub.sent(wire.music)
        await wire.stub.called("reactions.add", 4)
    assert card["thread_ts"] == written["ts"]


async def test_the_shortcut_reads_previews_and_does_not_search_for_what_people_wrote(
    wire: Wire,
) -> None:
    shared = wire.people.write(wire.music, wire.bob, "this one")
    plain = wire.people.write(wire.music, wire.bob, "old town road")
    async with wire.bot():
        wire.shortcut(wire.music, shared | {"attachments": [{"from_url": LINK}]})
        await wire.stub.sent(wire.music)
        answer = await wire.told(wire.shortcut(wire.music, plain))
    assert "Old Town Road" not in answer
    assert len(wire.stub.messages(wire.music)) == 1


async def test_where_the_app_is_not_the_shortcut_answers_whoever_used_it_alone(wire: Wire) -> None:
    elsewhere = wire.people.channel(wire.team, joined=False)
    written = wire.people.write(elsewhere, wire.bob, LINK)
    async with wire.bot():
        (card,) = await wire.stub.answered(wire.shortcut(elsewhere, written))
    assert "Old Town Road" in words(card)
    assert card["response_type"] == "ephemeral"  # an answer to everybody would miss the thread


async def test_a_shortcut_that_is_told_twice_is_answered_once_and_works_again_when_used_again(
    wire: Wire,
) -> None:
    written = wire.people.write(wire.music, wire.bob, LINK)
    async with wire.bot():
        used = wire.shortcut(wire.music, written)
        await wire.stub.sent(wire.music)
        wire.stub.deliveries.again(used)
        await wire.stub.taken([used])
        await wire.fence()
        assert len(wire.stub.messages(wire.music)) == 2  # with the answer to the fence
        wire.shortcut(wire.music, written)
        await wire.stub.sent(wire.music, 3)


async def test_a_command_that_breaks_as_nobody_foresaw_ends_in_a_sentence(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(wire.app.services.group_chat, "on_command", broken)
    written = wire.people.write(wire.music, wire.bob, LINK)
    async with wire.bot():
        assert await wire.told(wire.people.command(wire.music, wire.ada, LINK)) == texts.TRY_AGAIN
        assert await wire.told(wire.shortcut(wire.music, written)) == texts.TRY_AGAIN
