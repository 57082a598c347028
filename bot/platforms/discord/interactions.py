"""Commands, choices and presses of buttons: each is stored as a job before Discord is answered."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, cast

import discord

from bot import texts
from bot.domain.errors import NotAccepting, StorageFailed
from bot.domain.jobs import Job
from bot.domain.tracks import SubjectRef
from bot.platforms.discord import jobs
from bot.platforms.discord.attachments import SoundFile
from bot.platforms.discord.failures import CONNECTION_FAILURES, FAILURES, describe, succeeds
from bot.platforms.discord.sound_uploads import SoundUploads
from bot.services.job_runner import JobRunner

_log = logging.getLogger(__name__)


class Interactions:
    """Accepts interactions."""

    def __init__(self, runner: JobRunner, sounds: SoundUploads) -> None:
        self._runner = runner
        self._sounds = sounds

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

    async def release_waiting(self, interaction: discord.Interaction[Any]) -> None:
        """Store that the links that wait in a channel are to be answered."""
        job = jobs.release_job(interaction)
        await self._accept(interaction, job, interaction.response.defer)

    async def pick_song(self, interaction: discord.Interaction[Any], ref: SubjectRef) -> None:
        """Store the choice of a track; its card is as public as the message that offers it."""
        job = jobs.pick_job(interaction, ref)
        await self.accept(interaction, job, private=jobs.is_ephemeral(interaction))

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
                return isinstance(error, CONNECTION_FAILURES)  # Discord may have processed it
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
