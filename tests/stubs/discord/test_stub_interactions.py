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
    """A select menu that any process answers, by the number in its id."""

    def __init__(self, card: int) -> None:
        options = [discord.SelectOption(label=genre) for genre in ("rock", "jazz")]
        super().__init__(discord.ui.Select(custom_id=f"vote:{card}", options=options))
        self.card = card

    @classmethod
    async def from_custom_id(cls, _: Interaction, __: Any, match: Any, /) -> "Vote":
        return cls(int(match["card"]))

    async def callback(self, interaction: Interaction) -> None:
        said = f"card {self.card}: {self.item.values[0]}"
        await interaction.response.send_message(said, ephemeral=True)


def menu(card: int) -> discord.ui.View:
    return discord.ui.View(timeout=None).add_item(Vote(card))


class Toggle(discord.ui.View):
    """A button that changes the message it is on."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="Press", custom_id="toggle")
    async def toggle(self, interaction: Interaction, _: discord.ui.Button["Toggle"]) -> None:
        await interaction.response.edit_message(content="pressed")


class CommandBot(EchoBot):
    """Has a command with choices, one that is for managers, one for messages, and a menu."""

    held: Interaction

    async def setup_hook(self) -> None:
        self.add_dynamic_items(Vote)
        self.add_view(Toggle())
        everywhere = {"guilds": True, "users": True}

        @self.tree.command(name="genre", description="What does a song sound like?")
        @app_commands.allowed_installs(**everywhere)
        @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
        async def genre(interaction: Interaction, song: str) -> None:
            await interaction.response.defer(thinking=True)
            picture = discord.File(io.BytesIO(PNG), "radar.png")
            await interaction.followup.send(f"card of {song}", file=picture, view=menu(7))

        @genre.autocomplete("song")
        async def songs(_: Interaction, typed: str) -> list[app_commands.Choice[str]]:
            return [app_commands.Choice(name=f"{typed} {n}", value=str(n)) for n in range(3)]

        @self.tree.command(name="settings", description="Set a channel")
        @app_commands.default_permissions(manage_guild=True)
        @app_commands.guild_only
        async def settings(interaction: Interaction, channel: discord.TextChannel) -> None:
            await interaction.response.send_message(f"set {channel.name}", ephemeral=True)

        @self.tree.context_menu(name="What does this sound like?")
        async def look(interaction: Interaction, message: discord.Message) -> None:
            await interaction.response.send_message(f"looked at {message.content}")
            original = await interaction.original_response()
            await original.edit(content=f"{original.content}, twice")

        @self.tree.command(name="many", description="Say much")
        @app_commands.allowed_installs(**everywhere)
        async def many(interaction: Interaction) -> None:
            await interaction.response.send_message("0")
            for number in range(1, 7):
                await interaction.followup.send(str(number))

        @self.tree.command(name="hold", description="Keep the interaction")
        async def hold(interaction: Interaction) -> None:
            self.held = interaction
            self.record("held", "")

        await self.tree.sync()


@pytest.fixture
async def bot(discord_stub: DiscordStub, music: Channel) -> AsyncIterator[CommandBot]:
    assert music.guild  # it exists before the bot comes
    client = CommandBot(silent=True)
    async with running(discord_stub, client):
        yield client


@pytest.mark.usefixtures("bot")
async def test_a_command_is_deferred_and_followed_up_with_a_file(
    discord_stub: DiscordStub, ada: User, music: Channel
) -> None:
    interaction = discord_stub.actions.command("genre", ada, music, song="Heroes")
    (card,) = await discord_stub.wait_for_responses(interaction)
    assert card["content"] == "card of Heroes"
    assert discord_stub.file_contents(card) == [PNG]
    assert interaction.response_type is not None
    assert interaction.response_type.name == "DEFERRED_MESSAGE"
    assert interaction.messages == [card["id"]]  # the follow-up took the place of "is thinking"
    assert [message["id"] for message in discord_stub.messages(music)] == [card["id"]]


@pytest.mark.usefixtures("bot")
async def test_the_registered_commands_are_kept_with_their_ids(discord_stub: DiscordStub) -> None:
    (call,) = discord_stub.calls_to("PUT", COMMANDS)
    assert len(discord_stub.state.commands) == len(call.payload) == 5
    first = {command["id"] for command in discord_stub.state.commands}
    bot = CommandBot()
    async with running(discord_stub, bot):
        again = {str(command.id) for command in await bot.tree.fetch_commands()}
    assert again == first


@pytest.mark.usefixtures("bot")
async def test_what_is_typed_is_completed(
    discord_stub: DiscordStub, ada: User, music: Channel
) -> None:
    interaction = discord_stub.actions.autocomplete("genre", ada, music, song="her")
    choices = await discord_stub.wait_for_choices(interaction)
    assert [choice["name"] for choice in choices] == ["her 0", "her 1", "her 2"]


@pytest.mark.usefixtures("bot")
async def test_a_select_menu_survives_the_process_that_sent_it(
    discord_stub: DiscordStub, ada: User, music: Channel
) -> None:
    interaction = discord_stub.actions.command("genre", ada, music, song="Heroes")
    (card,) = await discord_stub.wait_for_responses(interaction)
    choice = discord_stub.actions.select(card["id"], "vote:7", ["jazz"], ada)
    (response,) = await discord_stub.wait_for_responses(choice)
    assert response["content"] == "card 7: jazz"
    assert len(discord_stub.messages(music)) == 1  # nobody else sees an ephemeral answer


async def test_a_button_changes_its_message_and_an_answer_can_be_deleted(
    discord_stub: DiscordStub, ada: User, music: Channel, bot: CommandBot
) -> None:
    sent = await bot.get_partial_messageable(int(music.id)).send("not yet", view=Toggle())
    pressed = discord_stub.actions.press(str(sent.id), "toggle", ada)
    await discord_stub.until(lambda: pressed.response_type)
    (message,) = discord_stub.messages(music)
    assert message["content"] == "pressed"

    interaction = discord_stub.actions.command("hold", ada, music)
    await bot.wait_for_event("held", "")
    await bot.held.response.send_message("soon gone")
    await bot.held.delete_original_response()
    assert discord_stub.responses(interaction) == []


@pytest.mark.usefixtures("bot")
async def test_a_messages_menu_gives_its_content_and_the_answer_is_edited(
    discord_stub: DiscordStub, ada: User, music: Channel
) -> None:
    message = discord_stub.actions.post(music, ada, "a link")
    interaction = discord_stub.actions.context_menu("What does this sound like?", message, ada)
    await discord_stub.wait_for_calls("PATCH", ORIGINAL)
    (response,) = await discord_stub.wait_for_responses(interaction)
    assert response["content"] == "looked at a link, twice"


@pytest.mark.usefixtures("bot")
async def test_a_managers_command_is_hidden_from_the_others(
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


async def test_who_installed_the_bot_alone_uses_it_where_it_is_no_member(
    discord_stub: DiscordStub, ada: User, bot: CommandBot
) -> None:
    elsewhere = discord_stub.actions.guild("Elsewhere", ada, joined=False)
    channel = discord_stub.actions.channel(elsewhere, "general")
    discord_stub.actions.post(channel, ada, "not for the bot")
    interaction = discord_stub.actions.command("many", ada, channel, user_installed=True)
    await discord_stub.wait_for_calls("POST", WEBHOOK, 6)
    assert [said["content"] for said in discord_stub.responses(interaction)] == list("012345")
    refused = discord_stub.calls_to("POST", WEBHOOK)[-1]
    assert refused.reply["code"] == 40094
    with pytest.raises(discord.Forbidden):
        await bot.get_partial_messageable(int(channel.id)).send("x")
    assert bot.received == []


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("place", ["direct messages", "a group"])
async def test_commands_work_without_a_guild(
    discord_stub: DiscordStub, ada: User, place: str
) -> None:
    actions = discord_stub.actions
    channel = actions.group("friends") if place == "a group" else actions.direct_messages(ada)
    interaction = actions.command("genre", ada, channel, user_installed=True, song="x")
    (card,) = await discord_stub.wait_for_responses(interaction)
    assert card["channel_id"] == channel.id
    choice = actions.select(card["id"], "vote:7", ["rock"], ada)
    (response,) = await discord_stub.wait_for_responses(choice)
    assert response["content"] == "card 7: rock"


async def test_an_interaction_says_where_it_is_and_what_the_bot_may_do(
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
        await bot.wait_for_event("held", "")
        may = bot.held.app_permissions
        assert (may.send_messages, may.attach_files) == (sends, attaches)
        assert str(bot.held.channel_id) == channel.id
        assert bot.held.context.guild is (channel.guild is not None)
        assert bot.held.is_user_integration()
        assert str(bot.held.user.id) == ada.id


async def test_a_late_answer_is_refused(
    discord_stub: DiscordStub, ada: User, music: Channel, bot: CommandBot
) -> None:
    discord_stub.interactions.deadline = 0
    discord_stub.actions.command("hold", ada, music)
    await bot.wait_for_event("held", "")
    with pytest.raises(discord.NotFound) as late:
        await bot.held.response.defer()
    assert late.value.code == 10062
    with pytest.raises(discord.NotFound) as early:
        await bot.held.followup.send("x")
    assert early.value.code == 10015


async def test_a_second_answer_is_a_violation(
    discord_stub: DiscordStub, ada: User, music: Channel, bot: CommandBot
) -> None:
    discord_stub.actions.command("hold", ada, music)
    await bot.wait_for_event("held", "")
    await bot.held.response.defer()
    bot.held.response._response_type = None  # discord.py would not even ask
    with pytest.raises(discord.HTTPException) as second:
        await bot.held.response.defer()
    assert second.value.code == 40060
    assert "already been acknowledged" in discord_stub.violations.pop()


async def test_a_token_expires(
    discord_stub: DiscordStub, ada: User, music: Channel, bot: CommandBot
) -> None:
    interaction = discord_stub.actions.command("hold", ada, music)
    await bot.wait_for_event("held", "")
    await bot.held.response.defer()
    interaction.expired = True
    with pytest.raises(discord.HTTPException) as expired:
        await bot.held.followup.send("x")
    assert (expired.value.status, expired.value.code) == (401, 50027)
