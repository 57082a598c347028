"""Keeps out of discord.py's log what does not belong there."""

import logging

import discord

from bot.platforms.discord.delivery import why


def install_log_filters() -> None:
    """Let discord.py not warn of the voice that nobody misses, and not write who typed what."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    logging.getLogger("discord.app_commands.tree").addFilter(_nameless)


def _nameless(record: logging.LogRecord) -> bool:
    """Reduce suggestions that could not be sent, as to quick fingers, to what went wrong."""
    error = record.exc_info[1] if record.exc_info else None
    if error:
        record.msg, record.args = "not sent: %s", (why(error),)
        record.exc_info = None
    return True
