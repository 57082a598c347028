import io
from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest
from discord import app_commands

from tests.stubs.discord.clients import PNG, EchoBot, running
from tests.stubs.discord.objects import Channel, Permission, User
from tests.stubs.discord.rest import COMMANDS, ORIGINAL, WEBHOOK
from tests.stubs.discord.server import DiscordStub

Interaction = discord.Interaction[Any]


class Vote(discord.ui.DynamicItem[discord.ui.Select[Any]], template=r"vote:(?P<card>\d+)"):
    """A select menu that is recognised by its custom_id."""

    def __init__(self, card: int) -> None:
        options = [discord.SelectOption(label=genre) for genre in ("rock", "jazz")]
        super().__init__(discord.ui.Select(custom_id=f"vote:{card}", options=options))
        self.card = card

    @classmethod
    async def from_custom_id(cls, _: Interaction, __: Any, match: Any, /) -> "Vote":
        return cls(int(match["card"]))

    async def callback(self, interaction: Interaction) -> None:
        text = f"card {self.card}: {self.item.values[0]}"
        await interaction.response.send_message(text, ephemeral=True)


def menu(card: int) -> discord.ui.View:
    return discord.ui.View(timeout=None).add_item(Vote(card))


class Toggle(discord.ui.View):
    """A button that edits its message."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="Press", custom_id="toggle")
    async def toggle(self, interaction: Interaction, _: discord.ui.Button["Toggle"]) -> None:
        await interaction.response.edit_message(content="pressed")


class CommandBot(EchoBot):
    """Has commands of all kinds, and a select menu."""

    pending: Interaction

    async def setup_hook(self) -> None:
        self.add_dynamic_items(Vote)
        self.add_view(Toggle())
        everywhere = {"guilds": True, "users": True}

        @self.tree.command(name="genre", description="What does a song sound like?")
        @app_commands.allowed_installs(**everywhere)
        @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
        async def genre(interaction: Interaction, song: str) -> None:
            await interaction.response.defer(thinking=True)
            image = discord.File(io.BytesIO(PNG), "radar.png")
            await interaction.followup.send(f"card of {song}", file=image, view=menu(7))

        @genre.autocomplete("song")
        async def songs(_: Interaction, typed: str) -> list[app_commands.Choice[str]]:
            return [app_commands.Choice(name=f"{typed} {n}", value=str(n)) for n in range(3)]

        @self.tree.command(name="settings", description="Set a channel")
        @app_commands.default_permissions(manage_guild=True)
        @app_commands.guild_only
        async def settings(interaction: Interaction, channel: discord.TextChannel) -> None:
            await interaction.response.send_message(f"set {channel.name}", ephemeral=True)

        @self.tree.context_menu(name="What does this sound like?")
        async def show(interaction: Interaction, message: discord.Message) -> None:
            await interaction.response.send_message(f"message {message.content}")
            original = await interaction.original_response()
            await original.edit(content=f"{original.content}, edited")

        @self.tree.command(name="many", description="Send many messages")
        @app_commands.allowed_installs(**everywhere)
        async def many(interaction: Interaction) -> None:
            await interaction.response.send_message("0")
            for number in range(1, 7):
                await interaction.followup.send(str(number))

        @self.tree.command(name="hold", description="Keep the interaction")
        async def hold(interaction: Interaction) -> None:
            self.pending = interaction
            self.record("hold", "")

        await self.tree.sync()


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
