"""Voice messages are declined, never fetched, and their channels are not pestered."""

from bot import texts
from bot.domain.channel_settings import ChannelSettings, Mode
from bot.domain.jobs import JobKind
from bot.texts.discord import ASK
from tests.platforms.discord.chat import Chat, ephemeral_text, text_of
from tests.support.fake_app import LINK
from tests.support.fake_listener import MUSIC
from tests.support.killed_process import KilledProcess


async def test_voice_message_is_declined_once_a_day(chat: Chat) -> None:
    for _ in range(3):
        await chat.speak()
    assert [text_of(reply).strip() for reply in chat.replies()] == [texts.VOICE_MESSAGE]
    chat.app.wait(hours=25)
    await chat.speak()
    assert len(chat.replies()) == 2
    assert chat.fetched == []


async def test_voice_message_in_a_direct_message_is_always_declined(chat: Chat) -> None:
    channel = chat.ann.user.dm_channel
    for _ in range(2):
        await chat.speak(channel)
    assert [text_of(one).strip() for one in chat.replies(channel)] == [texts.VOICE_MESSAGE] * 2
    assert chat.fetched == []


async def test_mention_in_a_reply_to_a_voice_message_is_declined(chat: Chat) -> None:
    chat.set_settings(ChannelSettings(Mode.ON_REQUEST))
    spoken = await chat.speak()
    assert chat.replies() == []
    await chat.bob.send(chat.music, f"{chat.mention} what is this?", reply_to=spoken)
    (reply,) = chat.replies()
    assert texts.VOICE_MESSAGE in text_of(reply)


async def test_mention_with_a_link_in_a_reply_to_a_voice_message_is_answered(chat: Chat) -> None:
    spoken = await chat.speak()
    await chat.bob.send(chat.music, f"{chat.mention} {LINK}", reply_to=spoken)
    _, card = chat.replies()
    assert "Old Town Road" in text_of(card)


async def test_mention_with_a_file_in_a_reply_to_a_voice_message_is_answered(chat: Chat) -> None:
    spoken = await chat.speak()
    files = [("song.mp3", MUSIC)]
    await chat.bob.send(chat.music, chat.mention, reply_to=spoken, attachments=files)
    _, card = chat.replies()
    assert texts.sound_title(None) in text_of(card)
    assert len(chat.fetched) == 1


async def test_nothing_is_said_of_a_voice_message_beside_a_link(chat: Chat) -> None:
    chat.set_settings(ChannelSettings(Mode.ON_REQUEST))
    spoken = await chat.speak()
    await chat.bob.send(chat.music, f"{chat.mention} {LINK}", reply_to=spoken)
    (card,) = chat.replies()
    assert "Old Town Road" in text_of(card)


async def test_command_on_a_voice_message_is_declined_privately(chat: Chat) -> None:
    spoken = await chat.speak()
    result = await chat.bob.context_menu(chat.music, ASK, spoken)
    assert texts.VOICE_MESSAGE in ephemeral_text(result)
    assert chat.fetched == []


async def test_forwarded_voice_message_is_not_fetched(chat: Chat) -> None:
    spoken = await chat.speak()
    chat.app.wait(hours=25)
    await chat.bob.forward(spoken, chat.music)
    assert [text_of(reply).strip() for reply in chat.replies()] == [texts.VOICE_MESSAGE] * 2
    assert chat.fetched == []


async def test_voice_message_is_declined_after_a_restart(chat: Chat) -> None:
    killed = KilledProcess(chat.app)
    await chat.speak()
    chat.app.wait(hours=25)
    await killed.leave(killed.job(JobKind.MESSAGE))
    await chat.restart()
    assert len(chat.replies()) == 2
    assert chat.fetched == []


async def test_deleting_a_voice_message_deletes_the_answer(chat: Chat) -> None:
    await chat.ann.delete(await chat.speak())
    assert chat.replies() == []
