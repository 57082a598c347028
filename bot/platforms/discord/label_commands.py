"""The commands /genre-labels and, on a message, "Teach a label"."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands, ui

from bot.domain.jobs import Job
from bot.domain.own_labels import MAX_NAME_LENGTH
from bot.platforms.discord import escaping, ids, present
from bot.platforms.discord.autocomplete import Autocomplete
from bot.platforms.discord.card_ids import cards_in
from bot.platforms.discord.commands import Accept, Tree, suggestion
from bot.platforms.discord.jobs import command_job, question
from bot.platforms.discord.server_labels import FORGET, LABELS, LIST, TEACH
from bot.services.own_labels import OwnLabelService
from bot.services.services import Services
from bot.texts import own_labels as words

Choices = list[app_commands.Choice[str]]


def add_to(tree: Tree, services: Services, accept: Accept) -> None:
    """Add the commands to a tree; all may list labels, those who manage the server change them."""
    group = app_commands.Group(name="genre-labels", description=words.DISCORD)
    _add_list(group, accept)
    _add_teach(group, services, accept)
    _add_forget(group, services.own_labels, accept)
    by_card = _teach_by_card(accept)
    by_card.default_permissions = discord.Permissions(manage_guild=True)
    for command in (group, by_card):
        command.allowed_installs = app_commands.AppInstallationType(guild=True)
        command.allowed_contexts = app_commands.AppCommandContext(guild=True)
        tree.add_command(command)


def _add_list(group: app_commands.Group, accept: Accept) -> None:
    @group.command(name="list", description=words.LIST)
    async def list_labels(interaction: discord.Interaction) -> None:
        await accept(interaction, command_job(interaction, LABELS, action=LIST), private=True)


def _add_teach(group: app_commands.Group, services: Services, accept: Accept) -> None:
    autocomplete = Autocomplete(services.autocomplete)

    async def songs(interaction: discord.Interaction, typed: str) -> Choices:
        tracks = await autocomplete.suggest(str(interaction.user.id), typed)
        return [suggestion(track) for track in tracks]

    async def labels(interaction: discord.Interaction, typed: str) -> Choices:
        return await _names(services.own_labels, interaction, typed)

    @group.command(name="teach", description=words.TEACH)
    @app_commands.describe(label=words.LABEL, song=words.SONG)
    @app_commands.autocomplete(label=labels, song=songs)
    async def teach(interaction: discord.Interaction, label: str, song: str = "") -> None:
        job = command_job(interaction, LABELS, action=TEACH, label=label, song=question(song))
        await _accept_change(interaction, job, accept)


def _add_forget(group: app_commands.Group, service: OwnLabelService, accept: Accept) -> None:
    async def labels(interaction: discord.Interaction, typed: str) -> Choices:
        return await _names(service, interaction, typed)

    async def songs(interaction: discord.Interaction, typed: str) -> Choices:
        found = await service.songs(ids.place(interaction), interaction.namespace.label, typed)
        return _choices([song for song in found if len(song) <= escaping.MAX_CHOICE_LENGTH])

    @group.command(name="forget", description=words.FORGET)
    @app_commands.describe(label=words.LABEL, song=words.FORGOTTEN_SONG)
    @app_commands.autocomplete(label=labels, song=songs)
    async def forget(interaction: discord.Interaction, label: str, song: str = "") -> None:
        job = command_job(interaction, LABELS, action=FORGET, label=label, song=question(song))
        await _accept_change(interaction, job, accept)


async def _accept_change(interaction: discord.Interaction, job: Job, accept: Accept) -> None:
    """Accept a job that changes labels from those who manage the server only.

    Discord has one permission for all subcommands, of which everyone may use `list`.
    """
    if interaction.permissions.manage_guild:
        await accept(interaction, job, private=True)
        return
    view = present.sentence(words.not_allowed(ids.PLATFORM))
    await interaction.response.send_message(view=view, ephemeral=True)


def _teach_by_card(accept: Accept) -> app_commands.ContextMenu:
    @app_commands.context_menu(name=words.TEACH_BY_CARD)
    async def teach(interaction: discord.Interaction, message: discord.Message) -> None:
        # Other apps could use the same ids.
        own = message.author == interaction.client.user
        cards = sorted(cards_in(message.components)) if own else []
        if not cards:
            view = present.sentence(words.NO_CARD)
            await interaction.response.send_message(view=view, ephemeral=True)
            return
        await interaction.response.send_modal(LabelForm(accept, cards[0]))

    return teach


class LabelForm(ui.Modal, title=words.TEACH_BY_CARD):
    """Form that asks for the label that a card's song teaches."""

    name: ui.TextInput[Any] = ui.TextInput(
        label=words.CARD_LABEL, placeholder=words.LABEL, max_length=MAX_NAME_LENGTH
    )

    def __init__(self, accept: Accept, card_id: int) -> None:
        super().__init__()
        self._accept = accept
        self._card_id = card_id

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        """Accept the label as a command is."""
        job = command_job(
            interaction, LABELS, action=TEACH, label=self.name.value, song="", card=self._card_id
        )
        await self._accept(interaction, job, private=True)


async def _names(service: OwnLabelService, interaction: discord.Interaction, typed: str) -> Choices:
    return _choices(await service.names(ids.place(interaction), typed))


def _choices(names: Sequence[str]) -> Choices:
    return [app_commands.Choice(name=name, value=name) for name in names]
