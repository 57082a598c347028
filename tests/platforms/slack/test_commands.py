"""/genre and its words, and the shortcut on a message."""

import pytest

from bot import texts
from bot.domain.channel_settings import ChannelSettings, Mode
from bot.services.rate_limits import PER_PERSON
from bot.texts import slack as slack_texts
from tests.platforms.slack.scene import Scene, text_of
from tests.stubs.slack import faults
from tests.stubs.slack.server import RESPOND
from tests.support.fake_app import LINK


@pytest.mark.parametrize("asked", [LINK, f"<{LINK}>", f"<{LINK}|a song>", "old town road"])
async def test_a_song_is_answered_in_the_channel(scene: Scene, asked: str) -> None:
    async with scene.bot():
        scene.actions.command(scene.music, scene.ada, asked)
        (card,) = await scene.stub.wait_for_messages(scene.music)
        await scene.stub.wait_for_calls("reactions.add", 4)
    assert "Old Town Road" in text_of(card)
    assert "thread_ts" not in card


async def test_a_command_is_acknowledged_before_its_work_is_done(scene: Scene) -> None:
    async with scene.bot():
        with scene.blocked_features() as (started, proceed):
            asked = scene.actions.command(scene.music, scene.ada, LINK)
            await scene.within_timeout(started.wait())
            await scene.stub.wait_for_acks([asked])
            assert scene.stub.messages(scene.music) == []
            proceed.set()
            await scene.stub.wait_for_messages(scene.music)


async def test_where_the_app_is_not_the_answer_comes_all_the_same(scene: Scene) -> None:
    elsewhere = scene.actions.channel(scene.team, "im", joined=False)
    async with scene.bot():
        asked = scene.actions.command(elsewhere, scene.ada, LINK)
        (card,) = await scene.stub.wait_for_responses(asked)
    assert "Old Town Road" in text_of(card)
    assert card["response_type"] == "in_channel"


async def test_what_is_not_found_is_told_to_whoever_asked_alone(scene: Scene) -> None:
    async with scene.bot():
        asked = scene.actions.command(scene.music, scene.ada, "nothing of the sort")
        (answer,) = await scene.stub.wait_for_responses(asked)
    assert "nothing of the sort" not in text_of(answer)
    assert answer.get("response_type", "ephemeral") == "ephemeral"
    assert scene.stub.messages(scene.music) == []


async def test_a_command_that_slack_breaks_over_ends_in_a_sentence(scene: Scene) -> None:
    async with scene.bot():
        scene.stub.fail("chat.postMessage", faults.rate_limited(3600))
        asked = scene.actions.command(scene.music, scene.ada, LINK)
        assert await scene.response_text(asked) == texts.TRY_AGAIN


async def test_a_command_that_cannot_even_be_apologised_for_is_survived(scene: Scene) -> None:
    async with scene.bot():
        scene.stub.fail("chat.postMessage", faults.rate_limited(3600))
        scene.stub.fail(RESPOND, faults.connection_lost(), times=9)
        asked = scene.actions.command(scene.music, scene.ada, LINK)
        await scene.stub.wait_for_acks([asked])
        scene.stub._faults.clear()
        await scene.paste(LINK)


@pytest.mark.parametrize("asked", ["", "help", " HELP "])
async def test_help_explains_with_the_reactions_that_are_votes(scene: Scene, asked: str) -> None:
    async with scene.bot():
        said = await scene.response_text(scene.actions.command(scene.music, scene.ada, asked))
    assert slack_texts.HELP_TEXT in said
    assert ":saxophone:  jazz" in said


async def test_figures_are_shown_with_their_picture(scene: Scene) -> None:
    async with scene.bot():
        asked = scene.actions.command(scene.music, scene.ada, "stats")
        assert await scene.response_text(asked) == texts.NO_STATS
        await scene.paste(LINK)
        scene.actions.command(scene.music, scene.ada, "stats")
        _, figures = await scene.stub.wait_for_messages(scene.music, 2)
        await scene.stub.wait_for_calls("files.completeUploadExternal", 2)
    assert "1 track in 1 answer" in text_of(figures)
    assert [file.data for file in scene.stub.state.files.values()][1] == b"1 tracks light"


async def test_figures_come_also_where_the_app_is_not(scene: Scene) -> None:
    elsewhere = scene.actions.channel(scene.team, joined=False)
    async with scene.bot():
        await scene.paste(LINK)
        said = await scene.response_text(scene.actions.command(elsewhere, scene.ada, "stats"))
    assert "1 track in 1 answer" in said


async def test_figures_without_their_picture_are_told_once(scene: Scene) -> None:
    async with scene.bot():
        await scene.paste(LINK)
        scene.stub.fail("files.getUploadURLExternal", faults.api_error("missing_scope"))
        asked = scene.actions.command(scene.music, scene.ada, "stats")
        await scene.stub.wait_for_messages(scene.music, 2)
        await scene.stub.wait_for_calls("files.getUploadURLExternal", 2)
        await scene.barrier()
    assert (
        len(scene.stub.messages(scene.music)) == 3
    )  # the card, the figures, and the barrier's hint
    assert scene.stub.responses(asked) == []


async def test_figures_come_no_faster_than_answers_do_and_once_for_each_command(
    scene: Scene,
) -> None:
    async with scene.bot():
        await scene.paste(LINK)
        asked = [
            scene.actions.command(scene.music, scene.bob, "stats") for _ in range(PER_PERSON + 1)
        ]
        await scene.stub.wait_for_messages(scene.music, 1 + PER_PERSON)
        await scene.stub.until(lambda: any(scene.stub.responses(one) for one in asked))
        for one in asked:
            scene.stub.deliveries.resend(one)
        await scene.stub.wait_for_acks(asked)
        await scene.barrier()
    assert len(scene.stub.messages(scene.music)) == 1 + PER_PERSON + 1  # with the barrier's hint
    assert sum(len(scene.stub.responses(one)) for one in asked) == 1


async def test_figures_are_not_shown_where_the_bot_is_switched_off(scene: Scene) -> None:
    async with scene.bot():
        await scene.paste(LINK)
        scene.set_settings(ChannelSettings(mode=Mode.OFF))
        said = await scene.response_text(scene.actions.command(scene.music, scene.ada, "stats"))
    assert said == texts.SWITCHED_OFF
    assert len(scene.stub.messages(scene.music)) == 1


async def test_votes_are_forgotten_on_demand(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        await scene.response_text(scene.choose(card, scene.ada, "jazz"))
        said = await scene.response_text(scene.actions.command(scene.music, scene.ada, "forget-me"))
    assert said == texts.data_deleted(1)


async def test_an_admin_and_the_channels_creator_may_change_settings(scene: Scene) -> None:
    admin = scene.actions.user("admin", admin=True)
    own_channel = scene.actions.channel(scene.team, "group", creator=scene.bob.id)
    async with scene.bot():
        for channel, user in ((scene.music, admin), (own_channel, scene.bob)):
            asked = scene.actions.command(channel, user, "settings off reactions off")
            assert "silent" in await scene.response_text(asked)
            held = await scene.app.services.settings.of(scene.place(channel))
            assert held == ChannelSettings(mode=Mode.OFF, reactions=False)


async def test_anybody_else_may_look_and_not_touch(scene: Scene) -> None:
    async with scene.bot():
        asked = scene.actions.command(scene.music, scene.bob, "settings off")
        assert await scene.response_text(asked) == slack_texts.NOT_ALLOWED
        asked = scene.actions.command(scene.music, scene.bob, "settings")
        assert "every Spotify track link" in await scene.response_text(asked)
    assert await scene.app.services.settings.of(scene.place()) == ChannelSettings()


async def test_who_may_change_settings_is_nobody_when_slack_does_not_say(scene: Scene) -> None:
    admin = scene.actions.user("admin", admin=True)
    async with scene.bot():
        scene.stub.fail("users.info", faults.api_error("missing_scope"))
        asked = scene.actions.command(scene.music, admin, "settings off")
        assert await scene.response_text(asked) == slack_texts.NOT_ALLOWED


async def test_settings_hold_for_the_whole_workspace_until_they_are_reset(scene: Scene) -> None:
    admin = scene.actions.user("admin", admin=True)
    async with scene.bot():
        await scene.response_text(
            scene.actions.command(scene.music, admin, "settings everywhere on-request")
        )
        held = await scene.app.services.settings.of(scene.place())
        assert held.mode is Mode.ON_REQUEST
        await scene.response_text(
            scene.actions.command(scene.music, admin, "settings everywhere reset")
        )
        assert await scene.app.services.settings.of(scene.place()) == ChannelSettings()


@pytest.mark.parametrize("asked", ["loudly", "reactions", "reactions perhaps", "model", "auto x"])
async def test_settings_that_mean_nothing_change_nothing(scene: Scene, asked: str) -> None:
    admin = scene.actions.user("admin", admin=True)
    async with scene.bot():
        said = await scene.response_text(
            scene.actions.command(scene.music, admin, f"settings {asked}")
        )
    assert said == slack_texts.SETTINGS_USAGE
    assert await scene.app.services.settings.of(scene.place()) == ChannelSettings()


async def test_the_shortcut_answers_a_message_in_its_thread(scene: Scene) -> None:
    written = scene.actions.write(scene.music, scene.bob, LINK)
    async with scene.bot():
        scene.shortcut(scene.music, written)
        (card,) = await scene.stub.wait_for_messages(scene.music)
        await scene.stub.wait_for_calls("reactions.add", 4)
    assert card["thread_ts"] == written["ts"]


async def test_the_shortcut_reads_previews_and_does_not_search_for_what_people_wrote(
    scene: Scene,
) -> None:
    shared = scene.actions.write(scene.music, scene.bob, "this one")
    plain = scene.actions.write(scene.music, scene.bob, "old town road")
    async with scene.bot():
        scene.shortcut(scene.music, shared | {"attachments": [{"from_url": LINK}]})
        await scene.stub.wait_for_messages(scene.music)
        answer = await scene.response_text(scene.shortcut(scene.music, plain))
    assert "Old Town Road" not in answer
    assert len(scene.stub.messages(scene.music)) == 1


async def test_where_the_app_is_not_the_shortcut_answers_whoever_used_it_alone(
    scene: Scene,
) -> None:
    elsewhere = scene.actions.channel(scene.team, joined=False)
    written = scene.actions.write(elsewhere, scene.bob, LINK)
    async with scene.bot():
        (card,) = await scene.stub.wait_for_responses(scene.shortcut(elsewhere, written))
    assert "Old Town Road" in text_of(card)
    assert card["response_type"] == "ephemeral"  # an answer to everybody would miss the thread


async def test_a_shortcut_that_is_told_twice_is_answered_once_and_works_again_when_used_again(
    scene: Scene,
) -> None:
    written = scene.actions.write(scene.music, scene.bob, LINK)
    async with scene.bot():
        used = scene.shortcut(scene.music, written)
        await scene.stub.wait_for_messages(scene.music)
        scene.stub.deliveries.resend(used)
        await scene.stub.wait_for_acks([used])
        await scene.barrier()
        assert len(scene.stub.messages(scene.music)) == 2  # with the barrier's hint
        scene.shortcut(scene.music, written)
        await scene.stub.wait_for_messages(scene.music, 3)


async def test_a_command_that_breaks_as_nobody_foresaw_ends_in_a_sentence(
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
