"""Voice messages, which are declined, and the shortcut on a message with sound files."""

import pytest

from bot import texts
from bot.domain.channel_settings import ChannelSettings, Mode
from bot.domain.errors import NotAudio
from model.sound.errors import Problem
from tests.platforms.slack.dropped import TITLE, card_of, drop
from tests.platforms.slack.scene import OFFERED_REACTIONS, REACT, Scene, text_of
from tests.stubs.slack.objects import Json
from tests.stubs.slack.server import DOWNLOAD
from tests.support.fake_app import LINK
from tests.support.fake_listener import MUSIC

FOUND_IN = "files.info"


def recording(scene: Scene, **fields: object) -> Json:
    """Upload a voice message, of which Slack tells neither media type nor file type."""
    known = {"mimetype": "", "filetype": "", "subtype": "slack_audio"}
    return scene.stub.web_api.files.add(b"hello", "audio_message.m4a", **{**known, **fields})


@pytest.mark.parametrize(
    "fields",
    [{}, {"mimetype": "video/mp4"}, {"subtype": None, "mimetype": "audio/webm"}],
    ids=["untold", "as a video", "older"],
)
async def test_voice_message_is_declined_and_never_fetched(scene: Scene, fields: Json) -> None:
    async with scene.bot():
        ts, _ = scene.actions.post(scene.music, scene.ada, "", files=[recording(scene, **fields)])
        (reply,) = await scene.stub.wait_for_messages(scene.music)
    assert (text_of(reply), reply["thread_ts"]) == (texts.VOICE_MESSAGE, ts)
    assert scene.stub.calls_to(FOUND_IN) == scene.stub.calls_to(DOWNLOAD) == []


async def test_channel_is_told_once_but_whoever_addresses_the_bot_always(scene: Scene) -> None:
    async with scene.bot():
        for text in ("", "", scene.mention):
            scene.actions.post(scene.music, scene.ada, text, files=[recording(scene)])
        await scene.barrier()
    replies = [text_of(one) for one in scene.stub.messages(scene.music)]
    assert replies == [texts.VOICE_MESSAGE, texts.VOICE_MESSAGE, texts.HINT]  # of the barrier


async def test_voice_message_of_another_organisation_is_declined_without_fetching_it(
    scene: Scene,
) -> None:
    told = {"id": recording(scene)["id"], "file_access": "check_file_info"}
    async with scene.bot():
        scene.actions.post(scene.music, scene.ada, "", files=[told])
        (reply,) = await scene.stub.wait_for_messages(scene.music)
    assert text_of(reply) == texts.VOICE_MESSAGE
    assert scene.stub.calls_to(DOWNLOAD) == []


async def test_nothing_is_said_of_a_voice_message_beside_a_link_and_a_file(
    scene: Scene,
) -> None:
    files = [recording(scene), scene.stub.web_api.files.add(MUSIC)]
    async with scene.bot():
        scene.actions.post(scene.music, scene.ada, LINK, files=files)
        await scene.stub.wait_for_calls(REACT, 2 * OFFERED_REACTIONS)
        await scene.barrier()
    found = [text_of(one) for one in scene.stub.messages(scene.music)]
    assert TITLE in found[0]
    assert "Old Town Road" in found[1]
    assert found[2:] == [texts.HINT]  # of the barrier


async def test_where_the_bot_is_off_it_says_so_once(scene: Scene) -> None:
    scene.set_settings(ChannelSettings(mode=Mode.OFF))
    files = [recording(scene), scene.stub.web_api.files.add(MUSIC)]
    async with scene.bot():
        scene.actions.post(scene.music, scene.ada, scene.mention, files=files)
        await scene.barrier()
    replies = [text_of(one) for one in scene.stub.messages(scene.music)]
    assert replies == [texts.SWITCHED_OFF] * 2  # the second answers the barrier


@pytest.mark.parametrize("mode", [Mode.OFF, Mode.ON_REQUEST])
async def test_nothing_is_asked_of_files_that_are_not_answered(scene: Scene, mode: Mode) -> None:
    scene.set_settings(ChannelSettings(mode=mode))
    async with scene.bot():
        await drop(scene, MUSIC)
        await scene.barrier()
    assert len(scene.stub.messages(scene.music)) == 1  # answers the barrier
    assert scene.stub.calls_to(FOUND_IN) == []


async def test_shortcut_asks_nothing_of_files_where_the_bot_is_off(scene: Scene) -> None:
    scene.set_settings(ChannelSettings(mode=Mode.OFF))
    file = scene.stub.web_api.files.add(MUSIC)
    message = scene.actions.write(scene.music, scene.bob, "", files=[file])
    async with scene.bot():
        reply = await scene.response_text(scene.shortcut(scene.music, message))
    assert reply == texts.SWITCHED_OFF
    assert scene.stub.calls_to(FOUND_IN) == []


async def test_shortcut_answers_the_files_of_a_message_in_its_thread(scene: Scene) -> None:
    scene.set_settings(ChannelSettings(mode=Mode.ON_REQUEST))
    async with scene.bot():
        ts = await drop(scene, MUSIC)
        message = scene.stub.state.messages[scene.music.id, ts]
        scene.shortcut(scene.music, message)
        card = await card_of(scene)
    assert TITLE in text_of(card)
    assert card["thread_ts"] == ts


async def test_shortcut_answers_files_and_links(scene: Scene) -> None:
    file = scene.stub.web_api.files.add(MUSIC)
    message = scene.actions.write(scene.music, scene.bob, LINK, files=[file])
    async with scene.bot():
        scene.shortcut(scene.music, message)
        found = [text_of(one) for one in await scene.stub.wait_for_messages(scene.music, 2)]
        await scene.stub.wait_for_calls(REACT, 2 * OFFERED_REACTIONS)
    assert TITLE in found[0]
    assert "Old Town Road" in found[1]


async def test_shortcut_on_a_voice_message_declines_it_privately(scene: Scene) -> None:
    message = scene.actions.write(scene.music, scene.bob, "", files=[recording(scene)])
    async with scene.bot():
        shortcut = scene.shortcut(scene.music, message)
        assert await scene.response_text(shortcut) == texts.VOICE_MESSAGE
    assert scene.stub.messages(scene.music) == []


async def test_shortcut_says_that_a_deleted_file_is_gone(scene: Scene) -> None:
    file = scene.stub.web_api.files.add(MUSIC)
    file["mode"] = "tombstone"
    told = {"id": file["id"], "mode": "tombstone"}
    message = scene.actions.write(scene.music, scene.bob, "", files=[told])
    async with scene.bot():
        reply = await scene.response_text(scene.shortcut(scene.music, message))
    assert reply == texts.failure(NotAudio(Problem.MISSING), TITLE)


async def test_shortcut_on_a_file_that_the_bot_cannot_see(scene: Scene) -> None:
    elsewhere = scene.actions.channel(scene.team, "group", joined=False)
    file = scene.stub.web_api.files.add(MUSIC)
    del scene.stub.state.shared_files[file["id"]]  # files.info does not find it
    message = scene.actions.write(elsewhere, scene.bob, "", files=[file])
    async with scene.bot():
        reply = await scene.response_text(scene.shortcut(elsewhere, message))
    assert reply == texts.failure(NotAudio(Problem.NOT_VISIBLE), TITLE)
