"""A client of discord.py with commands and components of all kinds."""

import io
from typing import Any

import discord
from discord import app_commands

from tests.stubs.discord.clients import PNG, EchoBot

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
