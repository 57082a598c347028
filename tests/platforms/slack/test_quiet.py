"""Quiet mode: commands, the shortcut and songs to press are answered for the asker only."""

import asyncio

import pytest

from bot import texts
from bot.domain.channel_settings import ChannelSettings, Mode
from bot.platforms.slack import present, present_card
from bot.texts import slack as words
from tests.platforms.slack.scene import OTHER_LINK, SEND, Scene, text_of
from tests.platforms.slack.test_collections import ALBUM_LINK
from tests.stubs.slack import block_kit, faults
from tests.stubs.slack.server import RESPOND
from tests.support.blocked_features import blocked_features
from tests.support.fake_app import LINK


@pytest.fixture
def quiet(scene: Scene) -> Scene:
    """Return a scene whose channel is quiet."""
    scene.set_settings(ChannelSettings(mode=Mode.QUIET))
    return scene


async def test_pasted_links_get_nothing_and_mentions_a_sentence(quiet: Scene) -> None:
    async with quiet.bot():
        deliveries = quiet.actions.post(quiet.music, quiet.ada, LINK)[1]
        deliveries += quiet.actions.post(quiet.music, quiet.ada, f"{quiet.mention} {OTHER_LINK}")[1]
        await quiet.stub.wait_for_acks(deliveries)
        await quiet.barrier(quiet.actions.channel(quiet.team, "im"))
        sentence, hint = [call.arguments["text"] for call in quiet.stub.calls_to(SEND)]
    assert sentence == texts.QUIET
    assert hint == texts.HINT


async def test_command_is_answered_for_the_asker_without_a_file(quiet: Scene) -> None:
    async with quiet.bot():
        command = quiet.actions.command(quiet.music, quiet.ada, LINK)
        (card,) = await quiet.stub.wait_for_responses(command)
    assert card["response_type"] == "ephemeral"
    assert "Old Town Road" in text_of(card)
    assert any("█" in text for text in block_kit.texts(card["blocks"], "mrkdwn"))
    assert quiet.stub.messages(quiet.music) == []
    assert quiet.stub.state.files == {}
    assert quiet.app.messages.stored == {}


async def test_shortcut_is_answered_for_the_asker_only(quiet: Scene) -> None:
    written = quiet.actions.write(quiet.music, quiet.bob, LINK)
    async with quiet.bot():
        (card,) = await quiet.stub.wait_for_responses(quiet.shortcut(quiet.music, written))
    assert (card["response_type"], quiet.stub.messages(quiet.music)) == ("ephemeral", [])


async def test_vote_on_a_private_card_counts(quiet: Scene) -> None:
    async with quiet.bot():
        command = quiet.actions.command(quiet.music, quiet.ada, LINK)
        (card,) = await quiet.stub.wait_for_responses(command)
        receipt = await quiet.response_text(quiet.choose(card, quiet.ada, "jazz", private=True))
        await quiet.barrier(quiet.actions.channel(quiet.team, "im"))
    assert receipt.startswith("Your vote: jazz.")
    assert quiet.app.votes.counted() == [(1, "jazz")]
    assert quiet.stub.calls_to("chat.update") == []


async def test_album_is_answered_for_the_asker_without_a_message_about_its_progress(
    quiet: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.slack.progress.DELAY", 0)
    async with quiet.bot():
        started = asyncio.Event()
        with blocked_features(quiet.app, started) as (proceed, _):
            command = quiet.actions.command(quiet.music, quiet.ada, ALBUM_LINK)
            await quiet.within_timeout(started.wait())
            await quiet.response_text(quiet.actions.command(quiet.music, quiet.ada, "settings"))
            assert quiet.stub.calls_to(SEND) == []
            proceed.set()
            (summary,) = await quiet.stub.wait_for_responses(command)
        card = quiet.pick(summary, quiet.ada, "Heroes", private=True)
        assert "Heroes" in await quiet.response_text(card)
    assert "7 EP" in text_of(summary)
    assert quiet.stub.messages(quiet.music) == []


async def test_statistics_are_for_the_asker_only(quiet: Scene) -> None:
    async with quiet.bot():
        asked = quiet.actions.command(quiet.music, quiet.ada, LINK)
        await quiet.stub.wait_for_responses(asked)
        command = quiet.actions.command(quiet.music, quiet.ada, "stats")
        assert "1 track in 1 answer" in await quiet.response_text(command)
    assert quiet.stub.messages(quiet.music) == []


async def test_picture_of_a_private_card_is_not_uploaded_for_everyone(quiet: Scene) -> None:
    async with quiet.bot():
        command = quiet.actions.command(quiet.music, quiet.ada, LINK)
        (card,) = await quiet.stub.wait_for_responses(command)
        quiet.stub.fail(SEND, faults.api_error("cannot_dm_bot"))
        press = quiet.press(card, quiet.ada, present_card.SAVE, private=True)
        assert await quiet.response_text(press) == texts.CANNOT_SEND_PICTURE
    assert quiet.stub.state.files == {}


async def test_private_card_that_is_refused_gets_a_sentence(quiet: Scene) -> None:
    async with quiet.bot():
        quiet.stub.fail(RESPOND, faults.http_error(400, "invalid_blocks"))
        command = quiet.actions.command(quiet.music, quiet.ada, LINK)
        assert await quiet.response_text(command) == texts.TRY_AGAIN


async def test_direct_messages_are_answered_in_a_quiet_workspace(scene: Scene) -> None:
    direct = scene.actions.channel(scene.team, "im")
    for channel in (direct, scene.music):
        scene.app.settings.set[scene.place(channel)] = ChannelSettings(mode=Mode.QUIET)
    async with scene.bot():
        await scene.paste(LINK, direct)
    assert len(scene.stub.messages(direct)) == 1


async def test_admin_makes_a_channel_quiet(scene: Scene) -> None:
    admin = scene.actions.user("admin", admin=True)
    async with scene.bot():
        command = scene.actions.command(scene.music, admin, "settings quiet")
        assert "only for the person who asks" in await scene.response_text(command)
    assert (await scene.app.services.settings.of(scene.place())).mode is Mode.QUIET


async def test_songs_of_the_help_are_answered_for_the_person_who_presses(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        (help_card,) = await scene.stub.wait_for_responses(
            scene.actions.command(scene.music, scene.bob, "help")
        )
        press = scene.pick(help_card, scene.bob, "Old Town Road", private=True)
        (example,) = await scene.stub.wait_for_responses(press)
    labels = [one["text"]["text"] for one in block_kit.elements(help_card["blocks"], "button")]
    assert labels == [choice.label for choice in words.EXAMPLES]
    assert example["response_type"] == "ephemeral"
    assert "Old Town Road" in text_of(example)
    assert [message["ts"] for message in scene.stub.messages(scene.music)] == [card["ts"]]


async def test_help_is_short(scene: Scene) -> None:
    async with scene.bot():
        command = scene.actions.command(scene.music, scene.bob, "help")
        (help_card,) = await scene.stub.wait_for_responses(command)
    assert len(help_card["blocks"]) <= 5
    (reactions,) = [
        text for text in block_kit.texts(help_card["blocks"], "mrkdwn") if "jazz" in text
    ]
    assert "\n" not in reactions
    assert len(text_of(help_card)) < present.MAX_TEXT_LENGTH / 2
