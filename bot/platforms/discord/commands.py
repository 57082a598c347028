"""The commands: /genre and its sisters, and the one on a message."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

import discord
from discord import app_commands

from bot import texts
from bot.domain import links
from bot.domain.cards import Card, Notice, Theme
from bot.domain.channel_settings import Mode, SettingsChange
from bot.domain.places import Message, Place
from bot.platforms.discord import escaping, ids, present
from bot.platforms.discord.autocomplete import Autocomplete
from bot.platforms.discord.delivery import FAILURES, Delivery
from bot.services.handlers import SharedHandlers
from bot.texts import discord as words

Offer = Callable[[Place, str | None, int, Card], Awaitable[None]]
"""Offers reactions under a card: where, the parent of a thread, the message, the card."""

Tree = app_commands.CommandTree[Any]
Command = app_commands.Command[Any, Any, Any]

ANSWERS: Final = [
    app_commands.Choice(name=words.ANSWER_AUTO, value=Mode.AUTO.value),
    app_commands.Choice(name=words.ANSWER_ON_REQUEST, value=Mode.ON_REQUEST.value),
    app_commands.Choice(name=words.ANSWER_OFF, value=Mode.OFF.value),
]
EVERYWHERE: Final = "server"
SCOPES: Final = [
    app_commands.Choice(name=words.HERE, value="channel"),
    app_commands.Choice(name=words.EVERYWHERE, value=EVERYWHERE),
]


def add_to(tree: Tree, handlers: SharedHandlers, delivery: Delivery, offer: Offer) -> None:
    """Add all commands to a tree."""
    answer = _Answer(handlers, delivery, offer)
    anywhere = (_genre(handlers, answer), _forget_me(handlers), _help())
    for command in anywhere:
        command.allowed_installs = app_commands.AppInstallationType(guild=True, user=True)
        command.allowed_contexts = app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=True
        )
        tree.add_command(command)
    menu = _on_message(answer)
    menu.allowed_installs = anywhere[0].allowed_installs
    menu.allowed_contexts = anywhere[0].allowed_contexts
    tree.add_command(menu)
    for command in (_stats(handlers), _settings(handlers)):
        command.allowed_installs = app_commands.AppInstallationType(guild=True)
        command.allowed_contexts = app_commands.AppCommandContext(guild=True)
        tree.add_command(command)


class _Answer:
    """Answers a command that asks for a song."""

    def __init__(self, handlers: SharedHandlers, delivery: Delivery, offer: Offer) -> None:
        self._handlers = handlers
        self._delivery = delivery
        self._offer = offer

    async def __call__(
        self, interaction: discord.Interaction, text: str, about: discord.Message | None = None
    ) -> None:
        """Answer for `text`; where it is `about` a message, the answer goes when that goes."""
        await interaction.response.defer(thinking=True)
        message: Message = ids.command(interaction, text)
        replies = await self._handlers.room.on_asked(message)
        if not replies:
            await interaction.delete_original_response()
            return
        if about:
            message = replace(message, id=str(about.id))

        followups = _Followups(interaction)
        shown = await self._delivery.deliver(followups.send, message, replies, by_nonce=False)
        if not followups.arrived:
            # Else Discord shows for a quarter of an hour that the bot is thinking.
            with suppress(*FAILURES):
                await interaction.edit_original_response(view=present.sentence(texts.TRY_AGAIN))
        elif not shown:
            await _take_aside(
                interaction, [reply for reply in replies if isinstance(reply, Notice)]
            )
        if interaction.context.private_channel:
            return  # the bot is no member of it, and may not react
        for message_id, card in shown:
            await self._offer(message.place, message.parent, message_id, card)


async def _take_aside(interaction: discord.Interaction, notices: Sequence[Notice]) -> None:
    """Say for one person's eyes what was said to all.

    What follows a deferred answer is as public as that was, and comes to nothing once it is
    deleted: so the answer is given, repeated aside, and deleted then.
    """
    with suppress(*FAILURES):
        for notice in notices:
            await interaction.followup.send(view=present.sentence(notice.text), ephemeral=True)
        await interaction.delete_original_response()


class _Followups:
    """The replies to a command: the first takes the place of "is thinking", others follow."""

    def __init__(self, interaction: discord.Interaction) -> None:
        self._interaction = interaction
        self.arrived = 0

    async def send(self, *, nonce: str, file: discord.File | None = None, **form: Any) -> Any:
        """Send one; a webhook takes no `nonce`, but to edit twice is to edit once."""
        files = [file] if file else []
        if nonce.endswith("-0"):
            sent: discord.Message = await self._interaction.edit_original_response(
                attachments=files, **form
            )
        else:
            sent = await self._interaction.followup.send(wait=True, files=files, **form)
        self.arrived += 1
        return sent


def _genre(handlers: SharedHandlers, answer: _Answer) -> Command:
    suggestions = Autocomplete(handlers.room)

    async def suggest(
        interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        found = await suggestions.of(str(interaction.user.id), typed)
        return [
            app_commands.Choice(name=escaping.name(track), value=track.url or escaping.name(track))
            for track in found
        ]

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
        # What somebody wrote is no song's name: without a link there is nothing to look for.
        await answer(interaction, text if links.find(text).links else "", message)

    return ask


def _stats(handlers: SharedHandlers) -> Command:
    @app_commands.command(name="genre-stats", description=words.STATS)
    async def stats(interaction: discord.Interaction) -> None:
        await interaction.response.defer(thinking=True)
        found = await handlers.room.stats(ids.place(interaction))
        if isinstance(found, Notice):
            await interaction.followup.send(view=present.sentence(found.text))
            return
        png = await handlers.room.stats_chart(found, Theme.DARK)
        if png is None:
            await interaction.followup.send(view=present.stats(found, chart=False))
            return
        await interaction.followup.send(
            view=present.stats(found, chart=True), file=present.file(png)
        )

    return stats


def _settings(handlers: SharedHandlers) -> Command:
    @app_commands.command(name="genre-settings", description=words.SETTINGS)
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.describe(
        answer=words.ANSWER,
        where=words.SCOPE,
        reactions=words.COUNTED,
        model=words.MODEL,
        reset=words.RESET,
    )
    @app_commands.choices(answer=ANSWERS, where=SCOPES, model=_models(handlers))
    async def settings(  # noqa: PLR0917 - Discord's form of options
        interaction: discord.Interaction,
        answer: str | None = None,
        where: str | None = None,
        reactions: bool | None = None,  # noqa: FBT001 - Discord's form of an option
        model: str | None = None,
        reset: bool = False,  # noqa: FBT001, FBT002 - the same
    ) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        place = ids.place(interaction).ruling(ids.parent(interaction.channel))
        if where == EVERYWHERE:
            place = replace(place, channel="")
        change = SettingsChange(Mode(answer) if answer else None, reactions, model)
        notice = await handlers.room.held(place)
        if reset:
            notice = await handlers.room.change(place, None)
        if change != SettingsChange():
            notice = await handlers.room.change(place, change)
        await interaction.followup.send(view=present.sentence(notice.text), ephemeral=True)

    return settings


def _models(handlers: SharedHandlers) -> list[app_commands.Choice[str]]:
    return [
        app_commands.Choice(name=words.MODELS.get(name, name), value=name)
        for name in handlers.room.models
    ]


def _forget_me(handlers: SharedHandlers) -> Command:
    @app_commands.command(name="genre-forget-me", description=words.FORGET_ME)
    async def forget_me(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        done = await handlers.on_forget(ids.place(interaction), str(interaction.user.id))
        await interaction.followup.send(view=present.sentence(done.text), ephemeral=True)

    return forget_me


def _help() -> Command:
    @app_commands.command(name="genre-help", description=words.HELP)
    async def genre_help(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(view=present.help_text(), ephemeral=True)

    return genre_help
