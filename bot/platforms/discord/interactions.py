"""Commands, choices and presses of buttons: each is stored as a job before Discord is answered."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, cast

import discord

from bot import texts
from bot.domain.errors import NotAccepting, StorageFailed
from bot.domain.jobs import Job
from bot.domain.tracks import SubjectRef
from bot.platforms.discord import details, jobs
from bot.platforms.discord.attachments import SoundFile
from bot.platforms.discord.failures import (
    CONNECTION_FAILURES,
    FAILURES,
    describe,
    is_about_deleted,
    succeeds,
)
from bot.platforms.discord.quiet import is_private
from bot.platforms.discord.sound_uploads import SoundUploads
from bot.services.cards import CardService
from bot.services.channel_settings import SettingsService
from bot.services.job_runner import JobRunner
from bot.services.listen import ListenService

_log = logging.getLogger(__name__)


class Interactions:
    """Accepts interactions."""

    def __init__(
        self,
        runner: JobRunner,
        sounds: SoundUploads,
        *,
        cards: CardService,
        listen: ListenService,
        settings: SettingsService,
    ) -> None:
        self._runner = runner
        self._settings = settings
        self._sounds = sounds
        self._cards = cards
        self._listen = listen

    async def accept(
        self,
        interaction: discord.Interaction[Any],
        job: Job,
        files: Sequence[SoundFile] = (),
        *,
        private: bool = False,
    ) -> None:
        """Store a command, and let Discord display that the bot is thinking."""
        self._sounds.remember(job, files)

        async def acknowledge() -> None:
            await interaction.response.defer(thinking=True, ephemeral=private)

        await self._accept(interaction, job, acknowledge)

    async def choose_genre(
        self, interaction: discord.Interaction[Any], card_id: int, genre: str | None
    ) -> None:
        """Store a choice under a card; None takes the vote back."""
        job = jobs.choice_job(interaction, card_id, genre)
        await self._accept(interaction, job, interaction.response.defer)

    async def take_back(
        self, interaction: discord.Interaction[Any], card_id: int, message_id: str | None
    ) -> None:
        """Store that a vote is taken back in its receipt; `message_id` displays the card."""
        job = jobs.withdrawal_job(interaction, card_id, message_id)
        await self._accept(interaction, job, interaction.response.defer)

    async def show_details(self, interaction: discord.Interaction[Any], card_id: int) -> None:
        """Answer with a card's small print at once; there is nothing to store."""
        card = await self._cards.get(card_id)
        view = details.layout(self._listen.complete(card) if card else None)
        answer = interaction.response.send_message(view=view, ephemeral=True)
        await succeeds(answer, f"interaction {interaction.id}: details")

    async def save_cards(
        self,
        interaction: discord.Interaction[Any],
        cards: Sequence[int],
        message: str | None = None,
    ) -> None:
        """Store that a person wants the pictures of cards, or of those that a message has."""
        job = jobs.command_job(interaction, jobs.SAVE, cards=list(cards), message=message)
        await self.accept(interaction, job, private=True)

    async def release_waiting(self, interaction: discord.Interaction[Any]) -> None:
        """Store that the links that wait in a channel are to be answered."""
        job = jobs.release_job(interaction)
        await self._accept(interaction, job, interaction.response.defer)

    async def pick_song(self, interaction: discord.Interaction[Any], ref: SubjectRef) -> None:
        """Store the choice of a track; its card is as public as the offer and the channel allow."""
        private = jobs.is_ephemeral(interaction) or await is_private(self._settings, interaction)
        job = jobs.pick_job(interaction, ref, ephemeral=private)
        await self.accept(interaction, job, private=private)

    async def _accept(
        self,
        interaction: discord.Interaction[Any],
        job: Job,
        acknowledge: Callable[[], Awaitable[object]],
    ) -> None:
        about = f"interaction {interaction.id}"

        async def acknowledged() -> bool:
            try:
                await acknowledge()
            except FAILURES as error:
                _log.info("%s: not acknowledged: %s", about, describe(error))
                # Discord may have processed it; a vote on a deleted message is kept, too.
                return isinstance(error, CONNECTION_FAILURES) or is_about_deleted(error)
            return True

        try:
            await self._runner.accept(job, acknowledged)
        except (StorageFailed, NotAccepting) as error:
            _log.warning("%s: not accepted: %s", about, type(error).__name__)
            refusal = interaction.response.send_message(texts.TRY_AGAIN, ephemeral=True)
            await succeeds(refusal, about)


class _Client(Protocol):
    interactions: Interactions


def interactions_of(interaction: discord.Interaction[Any]) -> Interactions:
    """Return what accepts the interactions of the client that received one."""
    return cast("_Client", interaction.client).interactions
