"""The commands: /genre and others, and the command on a message."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

import discord
from discord import app_commands

from bot import texts
from bot.domain import links
from bot.domain.cards import Card, Theme
from bot.domain.channel_settings import Mode, SettingsChange
from bot.domain.places import Message, Place, settings_place
from bot.domain.replies import Notice
from bot.platforms.discord import escaping, ids, present
from bot.platforms.discord.autocomplete import Autocomplete
from bot.platforms.discord.delivery import Delivery
from bot.platforms.discord.failures import FAILURES
from bot.services.autocomplete import AutocompleteService
from bot.services.channel_settings import SettingsService
from bot.services.group_chat import GroupChat
from bot.services.services import Services
from bot.services.statistics import StatisticsService
from bot.services.voting import VotingService
from bot.texts import discord as words

OfferReactions = Callable[[Place, str | None, int, Card], Awaitable[None]]
"""Offers reactions under a card: place, parent of a thread, message id, card."""

Tree = app_commands.CommandTree[Any]
Command = app_commands.Command[Any, Any, Any]

MODES: Final = [
    app_commands.Choice(name=words.ANSWER_AUTO, value=Mode.AUTO.value),
    app_commands.Choice(name=words.ANSWER_ON_REQUEST, value=Mode.ON_REQUEST.value),
    app_commands.Choice(name=words.ANSWER_OFF, value=Mode.OFF.value),
]
EVERYWHERE: Final = "server"
SCOPES: Final = [
    app_commands.Choice(name=words.HERE, value="channel"),
    app_commands.Choice(name=words.EVERYWHERE, value=EVERYWHERE),
]


def add_to(tree: Tree, services: Services, delivery: Delivery, offer: OfferReactions) -> None:
    """Add all commands to a tree."""
    answer = _Answer(services.group_chat, delivery, offer)
    anywhere = (
        _genre(services.autocomplete, answer),
        _forget_me(services.voting),
        _help(),
        _on_message(answer),
    )
    for command in anywhere:
        command.allowed_installs = app_commands.AppInstallationType(guild=True, user=True)
        command.allowed_contexts = app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=True
        )
        tree.add_command(command)
    for command in (_stats(services.statistics), _settings(services.settings)):
        command.allowed_installs = app_commands.AppInstallationType(guild=True)
        command.allowed_contexts = app_commands.AppCommandContext(guild=True)
        tree.add_command(command)


class _Answer:
    """Answers a command that asks for a song."""

    def __init__(self, group_chat: GroupChat, delivery: Delivery, offer: OfferReactions) -> None:
        self._group_chat = group_chat
        self._delivery = delivery
        self._offer = offer

    async def __call__(
        self, interaction: discord.Interaction, text: str, source: discord.Message | None = None
    ) -> None:
        """Answer `text`; the answer is deleted with `source`, if the command refers to one."""
        await interaction.response.defer(thinking=True)
        message: Message = ids.command(interaction, text)
        replies = await self._group_chat.on_command(message)
        if not replies:
            await interaction.delete_original_response()
            return
        if source:
            message = replace(message, id=str(source.id))

        followups = _Followups(interaction)
        sent = await self._delivery.deliver(followups.send, message, replies, by_nonce=False)
        if not followups.count:
            # Otherwise Discord displays "is thinking" for 15 minutes.
            with suppress(*FAILURES):
                await interaction.edit_original_response(view=present.sentence(texts.TRY_AGAIN))
        elif not sent:
            notices = [reply for reply in replies if isinstance(reply, Notice)]
            await _make_ephemeral(interaction, notices)
        if interaction.context.private_channel:
            return  # the bot is not a member there, and may not react
        for message_id, card in sent:
            await self._offer(message.place, message.parent, message_id, card)


async def _make_ephemeral(interaction: discord.Interaction, notices: Sequence[Notice]) -> None:
    """Repeat public notices for the person who asked only, and delete the public ones.

    Follow-ups are public if the deferred response was, and fail after it is deleted: the
    notice is therefore sent publicly, repeated, and deleted.
    """
    with suppress(*FAILURES):
        for notice in notices:
            await interaction.followup.send(view=present.sentence(notice.text), ephemeral=True)
        await interaction.delete_original_response()


class _Followups:
    """Replies to a command: the first replaces "is thinking", the others follow."""

    def __init__(self, interaction: discord.Interaction) -> None:
        self._interaction = interaction
        self.count = 0

    async def send(self, *, nonce: str, file: discord.File | None = None, **form: Any) -> Any:
        """Send one reply. Webhooks accept no nonce, but repeated edits are harmless."""
        files = [file] if file else []
        if nonce.endswith("-0"):
            sent: discord.Message = await self._interaction.edit_original_response(
                attachments=files, **form
            )
        else:
            sent = await self._interaction.followup.send(wait=True, files=files, **form)
        self.count += 1
        return sent


def _genre(service: AutocompleteService, answer: _Answer) -> Command:
    autocomplete = Autocomplete(service)

    async def suggest(
        interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        tracks = await autocomplete.suggest(str(interaction.user.id), typed)
        names = [(escaping.choice_name(track), track.url) for track in tracks]
        return [app_commands.Choice(name=name, value=url or name) for name, url in names]

    @app_commands.command(name="genre", description=words.GENRE)
    @app_commands.describe(song=words.SONG)
    @app_commands.autocomplete(song=suggest)
    async def genre(interaction: discord.Interaction, song: str) -> None:
        await answer(interaction, song)

    return genre


def _on_message(answer: _Answer) -> app_commands.ContextMenu:
    @app_commands.context_menu(name=words.ASK)
    async def ask(interaction: discord.Interaction, message: discord.Message) -> None:
        addresses = [embed.url for embed in message.embeds if embed.url]
        forwarded = [snapshot.content for snapshot in message.message_snapshots]
        text = "\n".join([message.content, *addresses, *forwarded])
        # Without a link, the text of a message is not a search.
        await answer(interaction, text if links.find(text).links else "", message)

    return ask


def _stats(service: StatisticsService) -> Command:
    @app_commands.command(name="genre-stats", description=words.STATS)
    async def stats(interaction: discord.Interaction) -> None:
        await interaction.response.defer(thinking=True)
        result = await service.of_workspace(ids.place(interaction))
        if isinstance(result, Notice):
            await interaction.followup.send(view=present.sentence(result.text))
            return
        png = await service.chart(result, Theme.DARK)
        if png is None:
            await interaction.followup.send(view=present.stats(result, chart=False))
            return
        await interaction.followup.send(
            view=present.stats(result, chart=True), file=present.file(png)
        )

    return stats


def _settings(service: SettingsService) -> Command:
    @app_commands.command(name="genre-settings", description=words.SETTINGS)
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.describe(
        answer=words.ANSWER,
        where=words.SCOPE,
        reactions=words.REACTIONS_OPTION,
        model=words.MODEL,
        reset=words.RESET,
    )
    @app_commands.choices(answer=MODES, where=SCOPES, model=_models(service))
    async def settings(  # noqa: PLR0917 - Discord's form of options
        interaction: discord.Interaction,
        answer: str | None = None,
        where: str | None = None,
        reactions: bool | None = None,  # noqa: FBT001 - Discord's form of an option
        model: str | None = None,
        reset: bool = False,  # noqa: FBT001, FBT002 - the same
    ) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        place = settings_place(ids.place(interaction), ids.parent(interaction.channel))
        if where == EVERYWHERE:
            place = replace(place, channel="")
        change = SettingsChange(Mode(answer) if answer else None, reactions, model)
        if reset:
            notice = await service.reset(place)
        if change != SettingsChange():
            notice = await service.change(place, change)
        elif not reset:
            notice = await service.describe(place)
        await interaction.followup.send(view=present.sentence(notice.text), ephemeral=True)

    return settings


def _models(service: SettingsService) -> list[app_commands.Choice[str]]:
    return [
        app_commands.Choice(name=words.MODELS.get(name, name), value=name)
        for name in service.models
    ]


def _forget_me(service: VotingService) -> Command:
    @app_commands.command(name="genre-forget-me", description=words.FORGET_ME)
    async def forget_me(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        notice = await service.forget(ids.place(interaction), str(interaction.user.id))
        await interaction.followup.send(view=present.sentence(notice.text), ephemeral=True)

    return forget_me


def _help() -> Command:
    @app_commands.command(name="genre-help", description=words.HELP)
    async def genre_help(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(view=present.help_text(), ephemeral=True)

    return genre_help
