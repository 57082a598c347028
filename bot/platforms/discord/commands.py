"""The commands: /genre and others, and the command on a message."""

from collections.abc import Sequence
from typing import Any, Final, Protocol

import discord
from discord import app_commands

from bot import texts
from bot.domain import links
from bot.domain.channel_settings import Mode
from bot.domain.jobs import Job
from bot.domain.tracks import Track
from bot.platforms.discord import escaping, ids, markup, present, reading
from bot.platforms.discord.attachments import Attached, SoundFile, attached_to
from bot.platforms.discord.autocomplete import Autocomplete
from bot.platforms.discord.card_ids import cards_in
from bot.platforms.discord.displayed import displays_answer
from bot.platforms.discord.jobs import command_job, question
from bot.platforms.discord.quiet import is_private
from bot.platforms.discord.server_settings import EVERYWHERE
from bot.platforms.discord.welcome import help_card
from bot.services.channel_settings import SettingsService
from bot.services.services import Services
from bot.texts import discord as words


class Accept(Protocol):
    """Stores the job of an interaction, and tells Discord that it is being worked on."""

    async def __call__(
        self,
        interaction: discord.Interaction,
        job: Job,
        files: Sequence[SoundFile] = (),
        *,
        private: bool = False,
    ) -> None:
        """Accept a job about some files; with `private` only its person sees the answer."""


class SaveCards(Protocol):
    """Stores that a person wants the pictures of cards."""

    async def __call__(
        self,
        interaction: discord.Interaction,
        cards: Sequence[int],
        message: str | None = None,
    ) -> None:
        """Accept the wish for some cards, or for those that a message displays or has as answer."""


Tree = app_commands.CommandTree[Any]
Command = app_commands.Command[Any, Any, Any]

MODES: Final = [
    app_commands.Choice(name=words.ANSWER_AUTO, value=Mode.AUTO.value),
    app_commands.Choice(name=words.ANSWER_ON_REQUEST, value=Mode.ON_REQUEST.value),
    app_commands.Choice(name=words.ANSWER_QUIET, value=Mode.QUIET.value),
    app_commands.Choice(name=words.ANSWER_OFF, value=Mode.OFF.value),
]
SCOPES: Final = [
    app_commands.Choice(name=words.HERE, value="channel"),
    app_commands.Choice(name=words.EVERYWHERE, value=EVERYWHERE),
]


def add_to(tree: Tree, services: Services, accept: Accept, save_cards: SaveCards) -> None:
    """Add all commands to a tree."""
    anywhere = (
        _genre(services, accept),
        _forget_me(accept),
        _help(),
        _on_message(services, accept),
        _save_card(save_cards),
    )
    for command in anywhere:
        command.allowed_installs = app_commands.AppInstallationType(guild=True, user=True)
        command.allowed_contexts = app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=True
        )
        tree.add_command(command)
    for command in (_stats(services.settings, accept), _settings(services.settings, accept)):
        command.allowed_installs = app_commands.AppInstallationType(guild=True)
        command.allowed_contexts = app_commands.AppCommandContext(guild=True)
        tree.add_command(command)


def _genre(services: Services, accept: Accept) -> Command:
    autocomplete = Autocomplete(services.autocomplete)

    async def suggest(
        interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        tracks = await autocomplete.suggest(str(interaction.user.id), typed)
        return [suggestion(track) for track in tracks]

    @app_commands.command(name="genre", description=words.GENRE)
    @app_commands.describe(song=words.SONG, file=words.FILE)
    @app_commands.autocomplete(song=suggest)
    async def genre(
        interaction: discord.Interaction,
        song: str | None = None,
        file: discord.Attachment | None = None,
    ) -> None:
        if song is None and file is None:
            view = present.sentence(words.NOTHING_ASKED)
            await interaction.response.send_message(view=view, ephemeral=True)
            return
        attached = Attached((SoundFile.of(file),) if file else ())
        private = await is_private(services.settings, interaction)
        asked = question(song or "")
        job = command_job(interaction, "genre", attached, ephemeral=private, song=asked)
        await accept(interaction, job, attached.sounds, private=private)

    return genre


def suggestion(track: Track) -> app_commands.Choice[str]:
    """Return the choice of a track; its value is the track's address, else its name."""
    name, ref = escaping.choice_name(track), track.ref
    known = links.subject_address(ref) if ref else None
    addresses = [one for one in (known, track.url) if one and links.parse(one)]
    value = next((one for one in addresses if len(one) <= escaping.MAX_CHOICE_LENGTH), name)
    return app_commands.Choice(name=name, value=value)


def _on_message(services: Services, accept: Accept) -> app_commands.ContextMenu:
    @app_commands.context_menu(name=words.ASK)
    async def ask(interaction: discord.Interaction, message: discord.Message) -> None:
        if message.author == interaction.client.user and await displays_answer(
            services.cards, ids.place(interaction), message
        ):
            view = present.pointer(texts.already_answered(message.jump_url))
            await interaction.response.send_message(view=view, ephemeral=True)
            return
        parts = reading.parts_of(message, with_reference=False)
        addresses = [embed.url for embed in message.embeds if embed.url]
        text = "\n".join([*(part.content for part in parts), *addresses])
        # Without a link, the text of a message is not a search.
        song = links.as_text(links.find(text))
        attached = attached_to(parts)
        private = await is_private(services.settings, interaction)
        job = command_job(
            interaction,
            "genre",
            attached,
            ephemeral=private,
            spoiler=attached.is_spoiler or any(markup.hides_link(part.content) for part in parts),
            song=song,
            source=str(message.id),
        )
        await accept(interaction, job, attached.sounds, private=private)

    return ask


def _save_card(save_cards: SaveCards) -> app_commands.ContextMenu:
    @app_commands.context_menu(name=texts.SAVE_CARD)
    async def save(interaction: discord.Interaction, message: discord.Message) -> None:
        # Other apps could use the same ids.
        own = message.author == interaction.client.user
        cards = sorted(cards_in(message.components)) if own else ()
        await save_cards(interaction, cards, str(message.id))

    return save


def _stats(service: SettingsService, accept: Accept) -> Command:
    @app_commands.command(name="genre-stats", description=words.STATS)
    async def stats(interaction: discord.Interaction) -> None:
        private = await is_private(service, interaction)
        await accept(interaction, command_job(interaction, "stats"), private=private)

    return stats


def _settings(service: SettingsService, accept: Accept) -> Command:
    @app_commands.command(name="genre-settings", description=words.SETTINGS)
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.describe(
        answer=words.ANSWER,
        where=words.SCOPE,
        reactions=words.REACTIONS_OPTION,
        model=words.MODEL,
        reset=words.RESET,
        ignore_role=words.IGNORE_ROLE,
        listen_to_role=words.LISTEN_TO_ROLE,
        remove_previews=words.REMOVE_PREVIEWS,
    )
    @app_commands.choices(answer=MODES, where=SCOPES, model=_models(service))
    async def settings(  # noqa: PLR0917 - Discord's form of options
        interaction: discord.Interaction,
        answer: str | None = None,
        where: str | None = None,
        reactions: bool | None = None,  # noqa: FBT001 - Discord's form of an option
        model: str | None = None,
        reset: bool = False,  # noqa: FBT001, FBT002 - the same
        ignore_role: discord.Role | None = None,
        listen_to_role: discord.Role | None = None,
        remove_previews: bool | None = None,  # noqa: FBT001 - the same
    ) -> None:
        if ignore_role and ignore_role.is_default():
            view = present.sentence(words.EVERYONE_IGNORED)
            await interaction.response.send_message(view=view, ephemeral=True)
            return
        job = command_job(
            interaction,
            "settings",
            answer=answer,
            where=where,
            reactions=reactions,
            model=model,
            reset=reset,
            ignore_role=str(ignore_role.id) if ignore_role else None,
            listen_to_role=str(listen_to_role.id) if listen_to_role else None,
            remove_previews=remove_previews,
        )
        await accept(interaction, job, private=True)

    return settings


def _models(service: SettingsService) -> list[app_commands.Choice[str]]:
    return [
        app_commands.Choice(name=words.MODELS.get(name, name), value=name)
        for name in service.models
    ]


def _forget_me(accept: Accept) -> Command:
    @app_commands.command(name="genre-forget-me", description=words.FORGET_ME)
    async def forget_me(interaction: discord.Interaction) -> None:
        await accept(interaction, command_job(interaction, "forget-me"), private=True)

    return forget_me


def _help() -> Command:
    @app_commands.command(name="genre-help", description=words.HELP)
    async def genre_help(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(view=help_card(), ephemeral=True)

    return genre_help
