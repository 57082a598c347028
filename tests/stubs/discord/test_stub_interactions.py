from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest

from tests.stubs.discord.clients import PNG, running
from tests.stubs.discord.command_bot import CommandBot, Toggle
from tests.stubs.discord.objects import Channel, Permission, User
from tests.stubs.discord.rest import COMMANDS, ORIGINAL, WEBHOOK
from tests.stubs.discord.server import DiscordStub
from tests.support.clock import ManualClock


@pytest.fixture
async def bot(discord_stub: DiscordStub, music: Channel) -> AsyncIterator[CommandBot]:
    assert music.guild  # it exists before the bot connects
    client = CommandBot(silent=True)
    async with running(discord_stub, client):
        yield client


@pytest.mark.usefixtures("bot")
async def test_command_is_deferred_and_followed_up_with_a_file(
    discord_stub: DiscordStub, ada: User, music: Channel
) -> None:
    interaction = discord_stub.actions.command("genre", ada, music, song="Heroes")
    (card,) = await discord_stub.wait_for_responses(interaction)
    assert card["content"] == "card of Heroes"
    assert discord_stub.file_contents(card) == [PNG]
    assert interaction.response_type is not None
    assert interaction.response_type.name == "DEFERRED_MESSAGE"
    assert interaction.messages == [card["id"]]  # the follow-up replaced "is thinking"
    assert [message["id"] for message in discord_stub.messages(music)] == [card["id"]]


@pytest.mark.usefixtures("bot")
async def test_registered_commands_keep_their_ids(discord_stub: DiscordStub) -> None:
    (call,) = discord_stub.calls_to("PUT", COMMANDS)
    assert len(discord_stub.state.commands) == len(call.payload) == 5
    first = {command["id"] for command in discord_stub.state.commands}
    bot = CommandBot()
    async with running(discord_stub, bot):
        fetched = {str(command.id) for command in await bot.tree.fetch_commands()}
    assert fetched == first


@pytest.mark.usefixtures("bot")
async def test_autocompletion_suggests_songs(
    discord_stub: DiscordStub, ada: User, music: Channel
) -> None:
    interaction = discord_stub.actions.autocomplete("genre", ada, music, song="her")
    choices = await discord_stub.wait_for_choices(interaction)
    assert [choice["name"] for choice in choices] == ["her 0", "her 1", "her 2"]


@pytest.mark.usefixtures("bot")
async def test_select_menu_works_by_its_custom_id(
    discord_stub: DiscordStub, ada: User, music: Channel
) -> None:
    interaction = discord_stub.actions.command("genre", ada, music, song="Heroes")
    (card,) = await discord_stub.wait_for_responses(interaction)
    choice = discord_stub.actions.select(card["id"], "vote:7", ["jazz"], ada)
    (response,) = await discord_stub.wait_for_responses(choice)
    assert response["content"] == "card 7: jazz"
    assert len(discord_stub.messages(music)) == 1  # the response is ephemeral


async def test_button_edits_its_message_and_a_response_can_be_deleted(
    discord_stub: DiscordStub, ada: User, music: Channel, bot: CommandBot
) -> None:
    sent = await bot.get_partial_messageable(int(music.id)).send("not yet", view=Toggle())
    pressed = discord_stub.actions.press(str(sent.id), "toggle", ada)
    await discord_stub.until(lambda: pressed.response_type)
    (message,) = discord_stub.messages(music)
    assert message["content"] == "pressed"

    interaction = discord_stub.actions.command("hold", ada, music)
    await bot.wait_for_event("hold", "")
    await bot.pending.response.send_message("temporary")
    await bot.pending.delete_original_response()
    assert discord_stub.responses(interaction) == []


@pytest.mark.usefixtures("bot")
async def test_message_command_receives_the_message_and_edits_its_response(
    discord_stub: DiscordStub, ada: User, music: Channel
) -> None:
    message = discord_stub.actions.post(music, ada, "a link")
    interaction = discord_stub.actions.context_menu("What does this sound like?", message, ada)
    await discord_stub.wait_for_calls("PATCH", ORIGINAL)
    (response,) = await discord_stub.wait_for_responses(interaction)
    assert response["content"] == "message a link, edited"


@pytest.mark.usefixtures("bot")
async def test_command_for_managers_is_hidden_from_other_members(
    discord_stub: DiscordStub, ada: User, music: Channel
) -> None:
    interaction = discord_stub.actions.command("settings", ada, music, channel=music)
    (response,) = await discord_stub.wait_for_responses(interaction)
    assert response["content"] == "set music"
    with pytest.raises(AssertionError, match="hidden"):
        discord_stub.actions.command(
            "settings", discord_stub.actions.user("bob"), music, channel=music
        )
    with pytest.raises(AssertionError, match="not offered"):
        discord_stub.actions.command(
            "settings", ada, discord_stub.actions.direct_messages(ada), channel=music
        )


async def test_user_installed_command_works_where_the_bot_is_no_member(
    discord_stub: DiscordStub, ada: User, bot: CommandBot
) -> None:
    elsewhere = discord_stub.actions.guild("Elsewhere", ada, joined=False)
    channel = discord_stub.actions.channel(elsewhere, "general")
    discord_stub.actions.post(channel, ada, "not received")
    interaction = discord_stub.actions.command("many", ada, channel, user_installed=True)
    await discord_stub.wait_for_calls("POST", WEBHOOK, 6)
    assert [message["content"] for message in discord_stub.responses(interaction)] == list("012345")
    refused = discord_stub.calls_to("POST", WEBHOOK)[-1]
    assert refused.reply["code"] == 40094
    with pytest.raises(discord.Forbidden):
        await bot.get_partial_messageable(int(channel.id)).send("x")
    assert bot.received == []


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("place", ["direct messages", "group"])
async def test_commands_work_outside_guilds(
    discord_stub: DiscordStub, ada: User, place: str
) -> None:
    actions = discord_stub.actions
    channel = actions.group("friends") if place == "group" else actions.direct_messages(ada)
    interaction = actions.command("genre", ada, channel, user_installed=True, song="x")
    (card,) = await discord_stub.wait_for_responses(interaction)
    assert card["channel_id"] == channel.id
    choice = actions.select(card["id"], "vote:7", ["rock"], ada)
    (response,) = await discord_stub.wait_for_responses(choice)
    assert response["content"] == "card 7: rock"


async def test_interaction_contains_its_location_and_permissions(
    discord_stub: DiscordStub, ada: User, music: Channel, bot: CommandBot
) -> None:
    actions = discord_stub.actions
    elsewhere = actions.channel(actions.guild("Elsewhere", ada, joined=False), "general")
    actions.deny(music, Permission.ATTACH_FILES)
    for channel, sends, attaches in (
        (music, True, False),
        (actions.direct_messages(ada), True, True),
        (actions.group("friends"), False, True),
        (elsewhere, False, True),
    ):
        bot.received.clear()
        actions.command("hold", ada, channel, user_installed=True)
        await bot.wait_for_event("hold", "")
        allowed = bot.pending.app_permissions
        assert (allowed.send_messages, allowed.attach_files) == (sends, attaches)
        assert str(bot.pending.channel_id) == channel.id
        assert bot.pending.context.guild is (channel.guild is not None)
        assert bot.pending.is_user_integration()
        assert str(bot.pending.user.id) == ada.id


async def test_late_response_is_refused(
    discord_stub: DiscordStub, ada: User, music: Channel, bot: CommandBot
) -> None:
    discord_stub.interactions.deadline = 0
    discord_stub.actions.command("hold", ada, music)
    await bot.wait_for_event("hold", "")
    with pytest.raises(discord.NotFound) as late:
        await bot.pending.response.defer()
    assert late.value.code == 10062
    with pytest.raises(discord.NotFound) as early:
        await bot.pending.followup.send("x")
    assert early.value.code == 10015


async def test_second_response_is_a_violation(
    discord_stub: DiscordStub, ada: User, music: Channel, bot: CommandBot
) -> None:
    discord_stub.actions.command("hold", ada, music)
    await bot.wait_for_event("hold", "")
    await bot.pending.response.defer()
    bot.pending.response._response_type = None  # otherwise discord.py sends no request
    with pytest.raises(discord.HTTPException) as second:
        await bot.pending.response.defer()
    assert second.value.code == 40060
    assert "already been acknowledged" in discord_stub.violations.pop()


async def test_expired_token_is_refused(
    discord_stub: DiscordStub, ada: User, music: Channel, bot: CommandBot
) -> None:
    interaction = discord_stub.actions.command("hold", ada, music)
    await bot.wait_for_event("hold", "")
    await bot.pending.response.defer()
    interaction.expired = True
    with pytest.raises(discord.HTTPException) as expired:
        await bot.pending.followup.send("x")
    assert (expired.value.status, expired.value.code) == (401, 50027)


async def test_token_expires_after_15_minutes(
    discord_stub: DiscordStub, ada: User, music: Channel, bot: CommandBot
) -> None:
    clock = discord_stub.state.clock = ManualClock()
    discord_stub.actions.command("hold", ada, music)
    await bot.wait_for_event("hold", "")
    await bot.pending.response.defer()
    clock.now += 900
    await bot.pending.followup.send("in time")
    clock.now += 1
    with pytest.raises(discord.HTTPException) as expired:
        await bot.pending.followup.send("late")
    assert (expired.value.status, expired.value.code) == (401, 50027)


async def test_follow_ups_with_one_nonce_are_all_sent(
    discord_stub: DiscordStub,
    ada: User,
    music: Channel,
    bot: CommandBot,
    session: aiohttp.ClientSession,
) -> None:
    interaction = discord_stub.actions.command("hold", ada, music)
    await bot.wait_for_event("hold", "")
    await bot.pending.response.send_message("first")
    path = WEBHOOK.format(webhook_id=bot.application_id, webhook_token=interaction.token)
    body = {"content": "again", "nonce": "one", "enforce_nonce": True}
    for _ in range(2):
        async with session.post(discord_stub.url + path, json=body) as response:
            assert response.status == 200
    sent = [message["content"] for message in discord_stub.messages(music)]
    assert sent == ["first", "again", "again"]
