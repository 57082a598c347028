"""Filters records out of discord.py's log."""

import logging

import discord

from bot.platforms.discord.failures import describe


def install_log_filters() -> None:
    """Silence missing-voice-library warnings, and keep typed text out of the log."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    logging.getLogger("discord.app_commands.tree").addFilter(_without_typed_text)


def _without_typed_text(record: logging.LogRecord) -> bool:
    """Reduce records of failed autocompletion, which quote the user, to the failure."""
    error = record.exc_info[1] if record.exc_info else None
    if error:
        record.msg, record.args = "not sent: %s", (describe(error),)
        record.exc_info = None
    return True
