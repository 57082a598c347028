"""Sound files of commands: /genre with a file, and the command on a message with a file."""

from typing import Any

from simcord.backend import serializers
from simcord.enums import ChannelType, InteractionType
from simcord.interactions import base_payload, store_interaction_attachment

from bot import texts
from bot.domain.channel_settings import ChannelSettings, Mode
from bot.domain.errors import NotAudio
from bot.domain.jobs import JobKind
from bot.texts import discord as words
from model.sound.errors import Problem
from tests.platforms.discord.chat import Chat, ephemeral_text, text_of
from tests.support.fake_app import LINK
from tests.support.fake_listener import DAMAGED, MUSIC
from tests.support.killed_process import KilledProcess

SONG = ("secret song.mp3", MUSIC)
CARD = texts.sound_title(None)


async def test_genre_answers_a_file_publicly(chat: Chat) -> None:
    result = await chat.ann.slash(chat.music, "genre", file=SONG)
    assert CARD in text_of(result.response)
    assert result.followups == []


async def test_genre_answers_a_file_and_a_song(chat: Chat) -> None:
    result = await chat.ann.slash(chat.music, "genre", song=LINK, file=SONG)
    assert CARD in text_of(result.response)
    assert ["Old Town Road" in text_of(more) for more in result.followups] == [True]


async def test_genre_without_song_and_file_says_how_to_use_it(chat: Chat) -> None:
    result = await chat.ann.slash(chat.music, "genre")
    assert result.response is not None
    assert result.ephemeral
    assert words.NOTHING_ASKED in text_of(result.response)


async def test_genre_with_a_file_of_another_name_listens_to_it_all_the_same(chat: Chat) -> None:
    result = await chat.ann.slash(chat.music, "genre", file=("recording", MUSIC))
    assert CARD in text_of(result.response)


async def test_file_that_cannot_be_heard_is_a_private_notice(chat: Chat) -> None:
    result = await chat.ann.slash(chat.music, "genre", file=("song.mp3", DAMAGED))
    assert "song.mp3" in ephemeral_text(result)


async def test_genre_with_a_file_is_refused_where_the_bot_is_off(chat: Chat) -> None:
    chat.set_settings(ChannelSettings(Mode.OFF))
    result = await chat.ann.slash(chat.music, "genre", file=SONG)
    assert texts.SWITCHED_OFF in ephemeral_text(result)
    assert chat.fetched == []


async def test_message_command_answers_a_file(chat: Chat) -> None:
    chat.set_settings(ChannelSettings(Mode.ON_REQUEST))
    posted = await chat.bob.send(chat.music, attachments=[SONG])
    result = await chat.ann.context_menu(chat.music, words.ASK, posted)
    assert CARD in text_of(result.response)


async def test_message_command_answers_a_forwarded_file(chat: Chat) -> None:
    chat.set_settings(ChannelSettings(Mode.ON_REQUEST))
    posted = await chat.bob.send(chat.music, attachments=[SONG])
    forwarded = await chat.bob.forward(posted, chat.music)
    result = await chat.ann.context_menu(chat.music, words.ASK, forwarded)
    assert CARD in text_of(result.response)


async def test_deleting_the_message_deletes_the_answer_to_the_command_on_it(chat: Chat) -> None:
    chat.set_settings(ChannelSettings(Mode.ON_REQUEST))
    posted = await chat.bob.send(chat.music, attachments=[SONG])
    await chat.ann.context_menu(chat.music, words.ASK, posted)
    await chat.bob.delete(posted)
    assert chat.replies() == []


async def response_outside_servers(chat: Chat, kind: int, *, with_message: bool) -> str:
    """Let Ann use a command where the bot is no member; return the components of the response."""
    backend = chat.env.backend
    channel = backend.create_channel(None, "private", type=ChannelType.DM)
    channel.recipient_ids = [chat.ann.id]
    resolved: dict[str, Any] = {}
    data: dict[str, Any] = {"type": kind, "resolved": resolved}
    if with_message:
        files = backend.store_attachments(channel.id, [SONG])
        posted = backend.create_message(channel.id, chat.ann.id, attachments=files, broadcast=False)
        resolved["messages"] = {str(posted.id): serializers.message_payload(backend, posted)}
        data |= {"name": words.ASK, "target_id": str(posted.id)}
    else:
        name, content = SONG
        file_id = store_interaction_attachment(backend, channel.id, name, content, resolved)
        data |= {"name": "genre", "options": [{"name": "file", "type": 11, "value": file_id}]}
    command = backend.find_command(data["name"], None, type=kind)
    assert command is not None
    record, payload = base_payload(
        backend,
        type=InteractionType.APPLICATION_COMMAND,
        channel_id=channel.id,
        guild_id=None,
        user_id=chat.ann.id,
        data={"id": command["id"], **data},
    )
    payload |= {"authorizing_integration_owners": {"1": str(chat.ann.id)}, "context": 2}
    backend.emit("INTERACTION_CREATE", payload)
    await chat.env.settle()
    assert record.message_id is not None
    return str(backend.get_message(channel.id, record.message_id).components)


async def test_user_installed_bot_answers_a_file(chat: Chat) -> None:
    assert CARD in await response_outside_servers(chat, 1, with_message=False)


async def test_user_installed_bot_answers_a_message_with_a_file(chat: Chat) -> None:
    assert CARD in await response_outside_servers(chat, 3, with_message=True)


async def test_file_of_a_command_is_asked_for_again_after_a_restart(chat: Chat) -> None:
    killed = KilledProcess(chat.app)
    await chat.ann.slash(chat.music, "genre", file=SONG)
    chat.app.predictions.cards.clear()
    await killed.leave(killed.job(JobKind.COMMAND))
    await chat.restart()
    assert chat.fetched == []
    assert chat.replies() == []  # the sentence is for Ann alone
    sent = chat.requests("POST", "^/webhooks/")[-1]
    assert texts.failure(NotAudio(Problem.MISSING), CARD) in str(sent)


async def test_message_of_a_command_is_read_again_after_a_restart(chat: Chat) -> None:
    chat.set_settings(ChannelSettings(Mode.ON_REQUEST))
    posted = await chat.bob.send(chat.music, attachments=[SONG])
    killed = KilledProcess(chat.app)
    await chat.ann.context_menu(chat.music, words.ASK, posted)
    await killed.leave(killed.job(JobKind.COMMAND))
    await chat.restart()
    assert CARD in text_of(chat.replies()[-1])
    assert len(chat.fetched) == 1
