"""Offers reactions under cards that were sent."""

from collections.abc import Sequence

import discord

from bot.concurrency.task_tracker import TaskTracker
from bot.domain.cards import Card
from bot.domain.places import Message, settings_place
from bot.platforms.discord.delivery import Delivery
from bot.platforms.discord.uploads import SentReply
from bot.services.channel_settings import SettingsService


class ReactionOffers:
    """Offers reactions in the background, which `tasks` keeps track of."""

    def __init__(
        self,
        client: discord.Client,
        settings: SettingsService,
        delivery: Delivery,
        tasks: TaskTracker,
    ) -> None:
        self._client = client
        self._settings = settings
        self._delivery = delivery
        self._tasks = tasks

    def start(self, message: Message, sent: Sequence[SentReply]) -> None:
        """Begin to offer reactions under the cards among the replies that were sent."""
        cards = [(one.id, one.reply) for one in sent if isinstance(one.reply, Card)]
        if cards:
            self._tasks.create(self._offer(message, cards))

    async def _offer(self, message: Message, sent: Sequence[tuple[int, Card]]) -> None:
        """Offer reactions under cards if they are enabled and the bot is a member there."""
        place = message.place
        guild_id = int(place.workspace) if place.workspace.isdecimal() else None
        if guild_id is not None and self._client.get_guild(guild_id) is None:
            return
        settings = await self._settings.of(settings_place(place, message.parent))
        if settings.reactions:
            channel = self._client.get_partial_messageable(int(place.channel))
            for message_id, card in sent:
                await self._delivery.offer_reactions(channel.get_partial_message(message_id), card)
