"""/genre with its subcommands, and the shortcut on a message."""

import pytest

from bot import texts
from bot.domain.channel_settings import ChannelSettings, Mode
from bot.domain.votes import Forgotten
from bot.services.rate_limits import PER_PERSON
from bot.texts import learned
from bot.texts import slack as slack_texts
from tests.platforms.slack.scene import OTHER_LINK, Scene, text_of
from tests.stubs.slack import faults
from tests.stubs.slack.server import RESPOND
from tests.support.disputes import SONG, TITLE, dispute
from tests.support.fake_app import LINK


@pytest.mark.parametrize("text", [LINK, f"<{LINK}>", f"<{LINK}|a song>", "old town road"])
async def test_song_is_answered_in_the_channel(scene: Scene, text: str) -> None:
    async with scene.bot():
        scene.actions.command(scene.music, scene.ada, text)
        (card,) = await scene.stub.wait_for_messages(scene.music)
        await scene.stub.wait_for_calls("reactions.add", 4)
    assert "Old Town Road" in text_of(card)
    assert "thread_ts" not in card


async def test_command_is_acknowledged_before_it_is_answered(scene: Scene) -> None:
    async with scene.bot():
        with scene.blocked_features() as (started, proceed):
            command = scene.actions.command(scene.music, scene.ada, LINK)
            await scene.within_timeout(started.wait())
            await scene.stub.wait_for_acks([command])
            assert scene.stub.messages(scene.music) == []
            proceed.set()
            await scene.stub.wait_for_messages(scene.music)


async def test_command_is_answered_in_a_channel_without_the_app(scene: Scene) -> None:
    elsewhere = scene.actions.channel(scene.team, "im", joined=False)
    async with scene.bot():
        command = scene.actions.command(elsewhere, scene.ada, LINK)
        (card,) = await scene.stub.wait_for_responses(command)
    assert "Old Town Road" in text_of(card)
    assert card["response_type"] == "in_channel"


async def test_unknown_song_is_answered_ephemerally(scene: Scene) -> None:
    async with scene.bot():
        command = scene.actions.command(scene.music, scene.ada, "nothing of the sort")
        (reply,) = await scene.stub.wait_for_responses(command)
    assert "I can't find “nothing of the sort”" in text_of(reply)
    assert reply.get("response_type", "ephemeral") == "ephemeral"
    assert scene.stub.messages(scene.music) == []


async def test_command_whose_reply_fails_is_answered_with_an_error_message(scene: Scene) -> None:
    async with scene.bot():
        scene.stub.fail("chat.postMessage", faults.rate_limited(3600))
        command = scene.actions.command(scene.music, scene.ada, LINK)
        assert await scene.response_text(command) == texts.TRY_AGAIN


async def test_command_whose_error_message_fails_too_does_not_stop_the_bot(scene: Scene) -> None:
    async with scene.bot():
        scene.stub.fail("chat.postMessage", faults.rate_limited(3600))
        scene.stub.fail(RESPOND, faults.connection_lost(), times=9)
        command = scene.actions.command(scene.music, scene.ada, LINK)
        await scene.stub.wait_for_acks([command])
        scene.stub._faults.clear()
        await scene.paste(LINK)


@pytest.mark.parametrize("text", ["", "help", " HELP "])
async def test_help_lists_the_reactions_that_are_votes(scene: Scene, text: str) -> None:
    async with scene.bot():
        text = await scene.response_text(scene.actions.command(scene.music, scene.ada, text))
    assert slack_texts.HELP_TEXT in text
    assert ":saxophone: jazz" in text


async def test_statistics_are_sent_with_their_chart(scene: Scene) -> None:
    async with scene.bot():
        command = scene.actions.command(scene.music, scene.ada, "stats")
        nothing = await scene.response_text(command)
        assert nothing == f"{texts.NO_STATS}\nModel fake, version 0: no corrections so far."
        await scene.paste(LINK)
        scene.actions.command(scene.music, scene.ada, "stats")
        _, statistics = await scene.stub.wait_for_messages(scene.music, 2)
        await scene.stub.wait_for_calls("files.completeUploadExternal", 2)
    assert "1 track in 1 answer" in text_of(statistics)
    assert [file.data for file in scene.stub.state.files.values()][1] == b"1 tracks light"


async def test_statistics_are_sent_in_a_channel_without_the_app(scene: Scene) -> None:
    elsewhere = scene.actions.channel(scene.team, joined=False)
    async with scene.bot():
        await scene.paste(LINK)
        text = await scene.response_text(scene.actions.command(elsewhere, scene.ada, "stats"))
    assert "1 track in 1 answer" in text


async def test_statistics_say_what_was_learned_and_what_is_disputed(scene: Scene) -> None:
    await dispute(scene.app, scene.place(scene.music))
    async with scene.bot():
        scene.actions.command(scene.music, scene.ada, "stats")
        (message,) = await scene.stub.wait_for_messages(scene.music, 1)
    _, figures, title, song, *_ = message["blocks"]
    learning = "Model fake, version 0: 3 corrections from all servers so far"
    assert learning in figures["text"]["text"]
    assert learned.DISPUTED in title["text"]["text"]
    expected = f"{TITLE} \N{EN DASH} David Bowie: 2 pop, 1 jazz"
    assert (song["text"]["type"], song["text"]["text"]) == ("plain_text", expected)
    assert song["accessory"]["url"] == SONG.url


async def test_statistics_are_sent_once_if_their_chart_fails(scene: Scene) -> None:
    async with scene.bot():
        await scene.paste(LINK)
        scene.stub.fail("files.getUploadURLExternal", faults.api_error("missing_scope"))
        command = scene.actions.command(scene.music, scene.ada, "stats")
        await scene.stub.wait_for_messages(scene.music, 2)
        await scene.stub.wait_for_calls("files.getUploadURLExternal", 2)
        await scene.barrier()
    # the card, the statistics, and the barrier's hint
    assert len(scene.stub.messages(scene.music)) == 3
    assert scene.stub.responses(command) == []


async def test_statistics_are_rate_limited_and_sent_once_per_command(
    scene: Scene,
) -> None:
    async with scene.bot():
        await scene.paste(LINK)
        commands = [
            scene.actions.command(scene.music, scene.bob, "stats") for _ in range(PER_PERSON + 1)
        ]
        await scene.stub.wait_for_messages(scene.music, 1 + PER_PERSON)
        await scene.stub.until(lambda: any(scene.stub.responses(one) for one in commands))
        for one in commands:
            scene.stub.deliveries.resend(one)
        await scene.stub.wait_for_acks(commands)
        await scene.barrier()
    assert len(scene.stub.messages(scene.music)) == 1 + PER_PERSON + 1  # with the barrier's hint
    assert sum(len(scene.stub.responses(one)) for one in commands) == 1


async def test_statistics_are_not_sent_where_the_bot_is_switched_off(scene: Scene) -> None:
    async with scene.bot():
        await scene.paste(LINK)
        scene.set_settings(ChannelSettings(mode=Mode.OFF))
        text = await scene.response_text(scene.actions.command(scene.music, scene.ada, "stats"))
    assert text == texts.SWITCHED_OFF
    assert len(scene.stub.messages(scene.music)) == 1


async def test_forget_me_deletes_votes_and_takes_them_off_the_cards(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        other = await scene.paste(OTHER_LINK)
        await scene.response_text(scene.choose(card, scene.ada, "jazz"))
        await scene.response_text(scene.choose(card, scene.bob, "pop"))
        scene.actions.react(scene.music, other["ts"], scene.ada, "saxophone")
        await scene.wait_for_text(card, "1 says jazz, 1 pop.")
        await scene.wait_for_text(other, "1 says jazz.")
        text = await scene.response_text(scene.actions.command(scene.music, scene.ada, "forget-me"))
        await scene.wait_for_text(card, "1 says pop.")
        await scene.stub.until(lambda: " says " not in text_of(scene.current(other) or {}))
    assert text == texts.data_deleted(Forgotten(2, 1, 2), "slack")
    assert "only you can remove them" in text


async def test_admin_and_channel_creator_may_change_settings(scene: Scene) -> None:
    admin = scene.actions.user("admin", admin=True)
    own_channel = scene.actions.channel(scene.team, "group", creator=scene.bob.id)
    async with scene.bot():
        for channel, user in ((scene.music, admin), (own_channel, scene.bob)):
            command = scene.actions.command(channel, user, "settings off reactions off")
            assert "silent" in await scene.response_text(command)
            current = await scene.app.services.settings.of(scene.place(channel))
            assert current == ChannelSettings(mode=Mode.OFF, reactions=False)


async def test_other_users_may_read_settings_but_not_change_them(scene: Scene) -> None:
    async with scene.bot():
        command = scene.actions.command(scene.music, scene.bob, "settings off")
        assert await scene.response_text(command) == slack_texts.NOT_ALLOWED
        command = scene.actions.command(scene.music, scene.bob, "settings")
        assert "every link to a song" in await scene.response_text(command)
    assert await scene.app.services.settings.of(scene.place()) == ChannelSettings()


async def test_settings_cannot_be_changed_if_roles_are_unknown(scene: Scene) -> None:
    admin = scene.actions.user("admin", admin=True)
    async with scene.bot():
        scene.stub.fail("users.info", faults.api_error("missing_scope"))
        command = scene.actions.command(scene.music, admin, "settings off")
        assert await scene.response_text(command) == slack_texts.NOT_ALLOWED


async def test_workspace_settings_apply_until_they_are_reset(scene: Scene) -> None:
    admin = scene.actions.user("admin", admin=True)
    async with scene.bot():
        await scene.response_text(
            scene.actions.command(scene.music, admin, "settings everywhere on-request")
        )
        current = await scene.app.services.settings.of(scene.place())
        assert current.mode is Mode.ON_REQUEST
        await scene.response_text(
            scene.actions.command(scene.music, admin, "settings everywhere reset")
        )
        assert await scene.app.services.settings.of(scene.place()) == ChannelSettings()


@pytest.mark.parametrize("text", ["loudly", "reactions", "reactions perhaps", "model", "auto x"])
async def test_invalid_settings_change_nothing(scene: Scene, text: str) -> None:
    admin = scene.actions.user("admin", admin=True)
    async with scene.bot():
        text = await scene.response_text(
            scene.actions.command(scene.music, admin, f"settings {text}")
        )
    assert text == slack_texts.SETTINGS_USAGE
    assert await scene.app.services.settings.of(scene.place()) == ChannelSettings()


async def test_shortcut_answers_a_message_in_its_thread(scene: Scene) -> None:
    written = scene.actions.write(scene.music, scene.bob, LINK)
    async with scene.bot():
        scene.shortcut(scene.music, written)
        (card,) = await scene.stub.wait_for_messages(scene.music)
        await scene.stub.wait_for_calls("reactions.add", 4)
    assert card["thread_ts"] == written["ts"]


async def test_shortcut_reads_previews_and_does_not_search_for_message_text(
    scene: Scene,
) -> None:
    shared = scene.actions.write(scene.music, scene.bob, "this one")
    plain = scene.actions.write(scene.music, scene.bob, "old town road")
    async with scene.bot():
        scene.shortcut(scene.music, shared | {"attachments": [{"from_url": LINK}]})
        await scene.stub.wait_for_messages(scene.music)
        reply = await scene.response_text(scene.shortcut(scene.music, plain))
    assert "Old Town Road" not in reply
    assert len(scene.stub.messages(scene.music)) == 1


async def test_shortcut_in_a_channel_without_the_app_answers_ephemerally(
    scene: Scene,
) -> None:
    elsewhere = scene.actions.channel(scene.team, joined=False)
    written = scene.actions.write(elsewhere, scene.bob, LINK)
    async with scene.bot():
        (card,) = await scene.stub.wait_for_responses(scene.shortcut(elsewhere, written))
    assert "Old Town Road" in text_of(card)
    assert card["response_type"] == "ephemeral"  # a public reply would not be in the thread


async def test_duplicate_shortcut_is_answered_once_and_a_new_use_again(
    scene: Scene,
) -> None:
    written = scene.actions.write(scene.music, scene.bob, LINK)
    async with scene.bot():
        used = scene.shortcut(scene.music, written)
        await scene.stub.wait_for_messages(scene.music)
        scene.stub.deliveries.resend(used)
        await scene.stub.wait_for_acks([used])
        await scene.barrier()
        again = scene.shortcut(scene.music, written)
        await scene.stub.wait_for_responses(again)  # a pointer to the card
    assert len(scene.stub.messages(scene.music)) == 2  # with the barrier's hint


async def test_unexpected_exception_is_answered_with_an_error_message(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(scene.app.services.group_chat, "on_command", broken)
    written = scene.actions.write(scene.music, scene.bob, LINK)
    async with scene.bot():
        assert (
            await scene.response_text(scene.actions.command(scene.music, scene.ada, LINK))
            == texts.TRY_AGAIN
        )
        assert await scene.response_text(scene.shortcut(scene.music, written)) == texts.TRY_AGAIN
