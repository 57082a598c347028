"""Sends sentences to the owner's channel."""

import discord

from bot.domain.errors import Unavailable
from bot.domain.places import Place
from bot.domain.text import shorten
from bot.platforms.discord.escaping import MAX_SENTENCE_LENGTH, escape
from bot.platforms.discord.failures import FAILURES, describe


class OwnerChannel:
    """Sends with the bot's client."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def send(self, place: Place, text: str) -> None:
        """Send a sentence to a channel; raise Unavailable."""
        channel = self._client.get_partial_messageable(int(place.channel))
        try:
            await channel.send(
                escape(shorten(text, MAX_SENTENCE_LENGTH)),
                allowed_mentions=discord.AllowedMentions.none(),
            )
        except FAILURES as error:
            raise Unavailable("Discord", describe(error)) from error
