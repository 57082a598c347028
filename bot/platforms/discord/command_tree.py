"""The command tree: the client waits for its commands, and their errors are reported."""

import logging
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot import texts
from bot.domain.errors import stack_of
from bot.platforms.discord.failures import EXPIRED, FAILURES, describe

if TYPE_CHECKING:
    from bot.platforms.discord.events import Client

_log = logging.getLogger(__name__)


class Tree(app_commands.CommandTree["Client"]):
    """Command tree whose commands the client waits for, and whose errors are reported."""

    async def interaction_check(self, interaction: "discord.Interaction[Client]", /) -> bool:
        """Track the command; return True."""
        interaction.client.tasks.track_current()
        return True

    async def on_error(
        self, interaction: "discord.Interaction[Client]", error: app_commands.AppCommandError, /
    ) -> None:
        """Log an unexpected exception of a command, and tell the user if that is possible."""
        cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
        if isinstance(cause, discord.HTTPException) and cause.code in EXPIRED:
            _log.warning("interaction %s: expired: %s", interaction.id, describe(cause))
            return
        _log.error("interaction %s: failed: %s", interaction.id, stack_of(cause))
        try:
            if interaction.response.is_done():
                await interaction.followup.send(texts.TRY_AGAIN, ephemeral=True)
            else:
                await interaction.response.send_message(texts.TRY_AGAIN, ephemeral=True)
        except FAILURES as failure:
            _log.info("interaction %s: not answered: %s", interaction.id, describe(failure))
