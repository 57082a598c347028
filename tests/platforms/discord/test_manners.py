"""When the bot stays silent, hides its answers, or gives them to one person only."""

from dataclasses import replace

import discord
import pytest
from simcord import GuildHandle

from bot import texts
from bot.domain.channel_settings import ChannelSettings, Mode, SettingsChange
from bot.platforms.discord.welcome import channel_for
from bot.texts import manners
from tests.platforms.discord.chat import (
    BUTTON,
    OTHER_LINK,
    Chat,
    client,
    components_of,
    text_of,
)
from tests.support.fake_app import LINK

QUIET = ChannelSettings(Mode.QUIET)
ASK = "What does this sound like?"


async def join(chat: Chat, guild: GuildHandle) -> None:
    """Tell the bot that it has joined a server, once its channels are known."""
    await chat.env.settle()
    chat.env.bot.dispatch("guild_join", chat.env.bot.get_guild(guild.id))
    await chat.env.settle()


@pytest.mark.parametrize("text", [f"<{LINK}>", f"! {LINK}", f"-play {LINK}", f"`{LINK}`"])
async def test_silenced_link_is_not_answered_unless_the_bot_is_asked(chat: Chat, text: str) -> None:
    pasted = await chat.ann.send(chat.music, text)
    assert chat.replies() == []
    result = await chat.bob.context_menu(chat.music, ASK, pasted)
    assert "Old Town Road" in text_of(result.response)
    await chat.bob.user.send_dm(text)
    (card,) = chat.replies(chat.bob.user.dm_channel)
    assert "Old Town Road" in text_of(card)


async def test_silenced_link_is_answered_where_the_message_addresses_the_bot(chat: Chat) -> None:
    assert "Old Town Road" in text_of(await chat.card(f"{chat.mention} <{LINK}>"))


async def test_sound_file_of_a_message_with_a_mark_is_not_listened_to(chat: Chat) -> None:
    assert await chat.drop(("song.mp3", b"music"), text="! mine") == []
    assert chat.fetched == []


async def test_answers_to_a_message_with_a_hidden_link_are_hidden(chat: Chat) -> None:
    await chat.ann.send(chat.music, f"||{LINK}|| {OTHER_LINK}")
    await chat.ann.send(chat.music, LINK.replace("track", "album"))
    hidden = [stored.hidden for stored in chat.app.messages.stored.values()]
    assert hidden == [True, True, False]


async def test_answer_to_a_hidden_file_is_hidden(chat: Chat) -> None:
    await chat.drop(("SPOILER_song.mp3", b"music"))
    assert [stored.hidden for stored in chat.app.messages.stored.values()] == [True]


async def test_command_about_a_message_with_a_hidden_link_hides_its_answer(chat: Chat) -> None:
    chat.set_settings(ChannelSettings(Mode.ON_REQUEST))
    pasted = await chat.ann.send(chat.music, f"||{LINK}||")
    await chat.bob.context_menu(chat.music, ASK, pasted)
    assert [stored.hidden for stored in chat.app.messages.stored.values()] == [True]


async def test_quiet_channel_answers_commands_for_their_person(chat: Chat) -> None:
    chat.set_settings(QUIET)
    pasted = await chat.ann.send(chat.music, LINK)
    assert chat.replies() == []
    for result in (
        await chat.bob.slash(chat.music, "genre", song=LINK),
        await chat.bob.context_menu(chat.music, ASK, pasted),
    ):
        assert result.ephemeral
        assert "Old Town Road" in text_of(result.response)
    assert chat.replies() == []
    assert chat.app.messages.stored == {}
    assert chat.requests("PUT", "/reactions/") == []
    assert (await chat.bob.slash(chat.music, "genre-stats")).ephemeral


async def test_song_that_is_picked_in_a_quiet_channel_is_answered_for_its_person(
    chat: Chat,
) -> None:
    summary = await chat.card("https://www.deezer.com/album/101")
    chat.set_settings(QUIET)
    result = await chat.bob.select(summary, [str(manners.EXAMPLES[0].ref)])
    assert result.ephemeral
    assert len(chat.replies()) == 1


async def test_mention_in_a_quiet_channel_is_answered_with_how_to_ask(chat: Chat) -> None:
    chat.set_settings(QUIET)
    assert texts.QUIET in text_of(await chat.card(f"{chat.mention} {LINK}")).replace("\\", "")


async def test_ignored_role_is_answered_only_on_request(chat: Chat) -> None:
    manager = chat.manager()
    role = chat.guild.create_role("bridges")
    carl = chat.guild.add_member(chat.env.create_user("carl"), roles=[role])
    result = await manager.slash(chat.music, "genre-settings", ignore_role=role)
    assert f"Ignored roles: <@&{role.id}>" in text_of(result.response)
    assert "1 role ignored" in text_of(result.response)
    await carl.send(chat.music, LINK)
    assert chat.replies() == []
    await carl.send(chat.music, f"{chat.mention} {LINK}")
    assert len(chat.replies()) == 1
    result = await manager.slash(chat.music, "genre-settings", listen_to_role=role, answer="auto")
    assert "gnored" not in text_of(result.response)
    await carl.send(chat.music, OTHER_LINK)
    assert len(chat.replies()) == 2
    everywhere = replace(chat.place(), channel="")
    assert chat.app.settings.set[everywhere] == SettingsChange(ignored_roles=frozenset())


async def test_preview_is_removed_where_the_settings_say_so(chat: Chat) -> None:
    await chat.ann.send(chat.music, LINK)
    assert chat.requests("PATCH", "/messages/") == []
    await chat.manager().slash(chat.music, "genre-settings", remove_previews=True)
    question = await chat.ann.send(chat.music, OTHER_LINK)
    # The simulation refuses it, as it does not know that moderators may do this.
    assert chat.requests("PATCH", f"/channels/.*/messages/{question.id}$") == [{"flags": 4}]
    assert len(chat.replies()) == 2


async def test_preview_is_removed_by_a_pointer_and_a_summary_and_kept_by_a_failure(
    chat: Chat,
) -> None:
    chat.app.settings.set[replace(chat.place(), channel="")] = ChannelSettings(
        removes_previews=True
    )
    album = "https://www.deezer.com/album/101"
    answered = [await chat.ann.send(chat.music, text) for text in (LINK, LINK, album)]
    await chat.drop(("song.mp3", b"music"))
    chat.app.lookup.away = chat.app.features.away = True
    await chat.ann.send(chat.music, OTHER_LINK)
    assert len(chat.replies()) == 5
    paths = [one.path for one in chat.env.http_requests if one.json == {"flags": 4}]
    assert [path.rpartition("/")[2] for path in paths] == [str(one.id) for one in answered]


async def test_preview_stays_without_permission(chat: Chat) -> None:
    everywhere = replace(chat.place(), channel="")
    chat.app.settings.set[everywhere] = ChannelSettings(removes_previews=True)
    denied = discord.PermissionOverwrite(manage_messages=False)
    channel = chat.guild.create_text_channel("other", overwrites={chat.bot: denied})
    await chat.card(LINK, channel)
    assert chat.requests("PATCH", "/messages/") == []


async def test_new_server_is_welcomed_once_with_a_song_to_try(chat: Chat) -> None:
    await chat.env.restart_bot(client(chat.app, welcomes=True))
    assert chat.replies() == []
    guild = chat.env.create_guild("new")
    channel = guild.create_text_channel("general")
    await join(chat, guild)
    (welcome,) = chat.replies(channel)
    assert "/genre-settings" in text_of(welcome)
    (button,) = components_of(welcome, BUTTON)
    assert button["label"] == manners.EXAMPLES[0].label
    dan = guild.add_member(chat.env.create_user("dan"))
    await dan.click(welcome, label=button["label"])
    assert "Old Town Road" in text_of(chat.replies(channel)[-1])
    await chat.env.restart_bot(client(chat.app, welcomes=True))
    await join(chat, guild)
    assert len(chat.replies(channel)) == 2


async def test_server_is_welcomed_where_the_bot_may_write(chat: Chat) -> None:
    guild = chat.env.bot.get_guild(chat.guild.id)
    assert guild is not None
    found = channel_for(guild)
    assert found is not None
    assert found.id == chat.music.id
    chat.guild.create_text_channel("later")
    denied = discord.PermissionOverwrite(send_messages=False)
    closed = chat.env.create_guild("closed")
    closed.create_text_channel("rules", overwrites={chat.bot: denied})
    await chat.env.settle()
    guild = chat.env.bot.get_guild(closed.id)
    assert guild is not None
    assert channel_for(guild) is None
    talk = closed.create_text_channel("talk")
    await chat.env.settle()
    found = channel_for(guild)
    assert found is not None
    assert found.id == talk.id
