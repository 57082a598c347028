"""Server commands (stats, settings, help, forget-me), and their registration."""

from dataclasses import replace

import pytest
from simcord import SetupError

from bot import texts
from bot.domain.channel_settings import ChannelSettings, Mode, SettingsChange
from bot.domain.emoji import GENRES
from bot.domain.votes import Forgotten
from bot.platforms.discord import escaping
from bot.texts import learned, manners
from tests.platforms.discord.chat import BUTTON, OTHER_LINK, PICTURE, Chat, components_of, text_of
from tests.support.disputes import SONG, TITLE, dispute
from tests.support.fake_app import LINK


async def test_stats_contain_questions_and_accuracy(chat: Chat) -> None:
    card = await chat.card(LINK)
    await chat.card(OTHER_LINK)
    await chat.ann.react(card, GENRES["jazz"])
    result = await chat.bob.slash(chat.music, "genre-stats")
    text = text_of(result.response)
    assert "2 tracks in 2 answers" in text
    assert "0 of 1 vote" in text
    assert "country for jazz (1)" in text


async def test_stats_have_a_chart_with_a_description(chat: Chat) -> None:
    await chat.card(LINK)
    result = await chat.ann.slash(chat.music, "genre-stats")
    (picture,) = components_of(result.response, PICTURE)
    assert "country 1" in picture["items"][0]["description"]
    assert result.response is not None
    (attachment,) = result.response.attachments
    assert await attachment.read() == b"1 tracks dark"


async def test_stats_without_a_chart_contain_the_figures(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(type(chat.app.renderer), "stats")
    await chat.card(LINK)
    result = await chat.ann.slash(chat.music, "genre-stats")
    assert "1 track in 1 answer" in text_of(result.response)
    assert components_of(result.response, PICTURE) == []


async def test_stats_say_what_was_learned_and_what_is_disputed(chat: Chat) -> None:
    await dispute(chat.app, chat.place())
    result = await chat.ann.slash(chat.music, "genre-stats")
    text = text_of(result.response)
    learning = "Model fake, version 0: 3 corrections from all servers so far"
    assert f"{learning}; this version was not trained on them." in text
    *_, title, song = text.splitlines()
    assert title == f"**{learned.DISPUTED}**"
    name = escaping.isolate(escaping.escape(f"{TITLE} \N{EN DASH} David Bowie"))
    assert song == f"- [{name}](<{SONG.url}>): 2 pop, 1 jazz"


async def test_stats_are_separate_for_each_server(chat: Chat) -> None:
    other = chat.env.create_guild("other")
    channel = other.create_text_channel("channel")
    await other.add_member(chat.ann.user).send(channel, LINK)
    result = await chat.ann.slash(chat.music, "genre-stats")
    assert texts.NO_STATS in text_of(result.response)


async def test_settings_require_the_manage_server_permission(chat: Chat) -> None:
    with pytest.raises(SetupError, match="default-member-permissions"):
        await chat.ann.slash(chat.music, "genre-settings")
    result = await chat.manager().slash(chat.music, "genre-settings")
    assert result.ephemeral
    assert texts.settings(ChannelSettings(), everywhere=False) in text_of(result.response)


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        ("answer", "on-request", SettingsChange(Mode.ON_REQUEST)),
        ("answer", "off", SettingsChange(Mode.OFF)),
        ("answer", "auto", SettingsChange(Mode.AUTO)),
        ("reactions", False, SettingsChange(reactions=False)),
        ("model", "other", SettingsChange(model="other")),
    ],
)
async def test_each_setting_is_changed_and_confirmed(
    chat: Chat, option: str, value: object, expected: SettingsChange
) -> None:
    result = await chat.manager().slash(chat.music, "genre-settings", **{option: value})
    assert chat.app.settings.set == {chat.place(): expected}
    confirmation = texts.settings(
        await chat.app.services.settings.of(chat.place()), everywhere=False
    )
    assert confirmation in text_of(result.response).replace("\\", "")


async def test_omitted_settings_stay_unchanged(chat: Chat) -> None:
    manager = chat.manager()
    await manager.slash(chat.music, "genre-settings", answer="off", model="other")
    await manager.slash(chat.music, "genre-settings", reactions=False)
    assert chat.app.settings.set[chat.place()] == SettingsChange(
        Mode.OFF, reactions=False, model="other"
    )


async def test_server_settings_apply_after_a_channel_is_reset(chat: Chat) -> None:
    manager = chat.manager()
    server = replace(chat.place(), channel="")
    await manager.slash(chat.music, "genre-settings", answer="off", where="server")
    await manager.slash(chat.music, "genre-settings", answer="auto")
    assert chat.app.settings.set == {
        server: SettingsChange(Mode.OFF),
        chat.place(): SettingsChange(Mode.AUTO),
    }
    result = await manager.slash(chat.music, "genre-settings", reset=True)
    off = texts.settings(ChannelSettings(Mode.OFF), everywhere=False)
    assert off in text_of(result.response)
    assert list(chat.app.settings.set) == [server]


async def test_settings_in_a_thread_change_its_channel(chat: Chat) -> None:
    await chat.manager().slash(chat.thread(), "genre-settings", answer="off")
    assert list(chat.app.settings.set) == [chat.place()]


async def test_forget_me_deletes_a_persons_data_and_replies_ephemerally(chat: Chat) -> None:
    card = await chat.card(LINK)
    await chat.ann.react(card, GENRES["jazz"])
    await chat.bob.react(card, GENRES["pop"])
    result = await chat.ann.slash(chat.music, "genre-forget-me")
    assert result.ephemeral
    assert texts.data_deleted(Forgotten(1, 1, 1), "discord") in text_of(result.response)
    assert chat.app.votes.counted() == [(1, "pop")]
    assert "discord/" + str(chat.ann.id) not in chat.app.messages.askers.values()


async def test_forget_me_in_a_direct_message_deletes_votes_in_servers(chat: Chat) -> None:
    await chat.ann.react(await chat.card(LINK), GENRES["jazz"])
    await chat.ann.user.slash("genre-forget-me")
    assert chat.app.votes.counted() == []


async def test_help_lists_all_reactions_in_a_line_and_is_ephemeral(chat: Chat) -> None:
    result = await chat.ann.slash(chat.music, "genre-help")
    assert result.ephemeral
    *_, line = text_of(result.response).splitlines()
    assert [genre for genre, emoji in GENRES.items() if f"{emoji} {genre}" not in line] == []
    assert f"✅ {manners.RIGHT}" in line


async def test_song_of_the_help_is_answered_for_the_person_who_presses(chat: Chat) -> None:
    result = await chat.ann.slash(chat.music, "genre-help")
    buttons = components_of(result.response, BUTTON)
    assert [button["label"] for button in buttons] == [one.label for one in manners.EXAMPLES]
    assert result.response is not None
    pressed = await chat.ann.click(result.response, label=manners.EXAMPLES[0].label)
    assert pressed.ephemeral
    assert "Old Town Road" in text_of(pressed.response)
    assert chat.replies() == []


async def test_unchanged_commands_are_not_registered_again(chat: Chat) -> None:
    assert len(chat.requests("PUT", "/commands$")) == 1
    await chat.restart()
    assert len(chat.requests("PUT", "/commands$")) == 1


async def test_commands_are_registered_again_if_discord_has_others(chat: Chat) -> None:
    commands = chat.env.backend.commands[None]
    del commands["genre", 1]
    await chat.restart()
    assert len(chat.requests("PUT", "/commands$")) == 2
    assert ("genre", 1) in chat.env.backend.commands[None]


async def test_changed_command_permissions_are_registered_again(chat: Chat) -> None:
    for command in chat.env.backend.commands[None].values():
        if command["name"] == "genre-settings":
            command["default_member_permissions"] = None
    await chat.restart()
    assert len(chat.requests("PUT", "/commands$")) == 2


async def test_commands_are_available_in_their_contexts(chat: Chat) -> None:
    everywhere = {"genre", "genre-help", "genre-forget-me"}
    assert set(chat.ann.user.available_commands()) == everywhere
    labels = {f"genre-labels {name}" for name in ("list", "teach", "forget")}
    assert set(chat.ann.available_commands(chat.music)) == everywhere | {"genre-stats"} | labels


async def test_bot_starts_although_commands_cannot_be_compared(chat: Chat) -> None:
    chat.env.inject_error("GET", "/applications/*/commands")
    await chat.restart()
    await chat.card(LINK)
