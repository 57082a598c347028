"""Removes Discord's own previews of links that were answered, where a server wants that.

discord.py suppresses the previews of a message that it has received only, and sends more than the
flags, which are all that may be edited in messages of others. `HTTPClient.edit_message`, which is
used here instead, is not documented (2.7.1).
"""

import logging
from collections.abc import Sequence

import discord
from discord.http import MultipartParameters

from bot.concurrency.task_tracker import TaskTracker
from bot.domain.cards import Card
from bot.domain.places import Message
from bot.domain.replies import AlreadyShown, Reply, Summary
from bot.platforms.discord.failures import FAILURES, describe
from bot.platforms.discord.uploads import SentReply
from bot.services.channel_settings import SettingsService

_log = logging.getLogger(__name__)


class LinkPreviews:
    """Removes previews in the background, which `tasks` keeps track of."""

    def __init__(
        self, client: discord.Client, settings: SettingsService, tasks: TaskTracker
    ) -> None:
        self._client = client
        self._settings = settings
        self._tasks = tasks

    def start_removing(self, message: Message, sent: Sequence[SentReply]) -> None:
        """Begin to remove the previews of a message if one of its links was answered."""
        if message.place.workspace.isdecimal() and any(_answers_link(one.reply) for one in sent):
            self._tasks.create(self._remove(message))

    async def _remove(self, message: Message) -> None:
        """Remove the previews if the settings say so and the bot may; else do nothing."""
        if not (await self._settings.of(message.settings_place)).removes_previews:
            return
        guild_id, channel_id = int(message.place.workspace), int(message.place.channel)
        if not self._may_remove(guild_id, channel_id):
            _log.debug("message %s: previews not removed: no permission", message.id)
            return
        flags = discord.MessageFlags(suppress_embeds=True)
        parameters = MultipartParameters({"flags": flags.value}, None, None)
        request = self._client.http.edit_message(channel_id, int(message.id), params=parameters)
        try:
            await request
        except FAILURES as error:
            _log.debug("message %s: previews not removed: %s", message.id, describe(error))

    def _may_remove(self, guild_id: int, channel_id: int) -> bool:
        guild = self._client.get_guild(guild_id)
        if guild is None:
            return False
        channel = guild.get_channel_or_thread(channel_id)
        return channel is not None and channel.permissions_for(guild.me).manage_messages


def _answers_link(reply: Reply | AlreadyShown) -> bool:
    """Return whether a reply says what a link sounds like; a preview says more than a failure."""
    match reply:
        case Card():
            return reply.answer.subject.sound_id is None
        case Summary() | AlreadyShown():
            return True
    return False
