"""Quiet channels: commands are answered there for the person who asks only."""

from typing import Any

import discord

from bot.domain.places import settings_place
from bot.platforms.discord import ids
from bot.services.channel_settings import SettingsService


async def is_private(service: SettingsService, interaction: discord.Interaction[Any]) -> bool:
    """Return whether only the person who acts sees the answer; outside servers, all see it."""
    if interaction.guild_id is None:
        return False
    place = settings_place(ids.place(interaction), ids.parent(interaction.channel))
    return await service.is_quiet(place)
