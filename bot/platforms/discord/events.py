"""The Discord client: receives events and passes them to commands, delivery and votes."""

import logging
import sys
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

import discord
from discord import app_commands

from bot import texts
from bot.concurrency.debouncer import Debouncer
from bot.concurrency.task_tracker import TaskTracker
from bot.domain.cards import Card
from bot.domain.errors import stack_of
from bot.domain.places import Place, settings_place
from bot.platforms.discord import commands, ids, present
from bot.platforms.discord.command_sync import sync
from bot.platforms.discord.delivery import RETRY_DELAYS, Delivery
from bot.platforms.discord.failures import EXPIRED, FAILURES, describe, succeeds
from bot.platforms.discord.genre_menu import GenreMenu
from bot.platforms.discord.shards import Shards
from bot.platforms.discord.votes import Votes
from bot.services.services import Services

REFRESH_DELAY: Final = 2.0
"""Seconds between a vote and the update of its card; Discord allows about 5 edits in 5 seconds."""

MAX_RATE_LIMIT_WAIT: Final = 60.0
"""Seconds that a request may wait for a rate limit; beyond that it fails."""

SHUTDOWN_SECONDS: Final = 5.0
"""Time for events in progress when the bot stops."""

USER_MESSAGES: Final = (discord.MessageType.default, discord.MessageType.reply)

_log = logging.getLogger(__name__)


class Client(discord.AutoShardedClient):
    """Serves Discord. Caches neither members nor messages.

    Args:
        services: The bot's services.
        content: Whether to request the privileged intent for the content of messages.
        shards: Part of the bot to run; all of it by default.
        refresh_delay: Seconds between a vote and the update of its card.
        retry_delays: Seconds between attempts to send a reply.
    """

    def __init__(
        self,
        services: Services,
        *,
        content: bool = True,
        shards: Shards | None = None,
        refresh_delay: float = REFRESH_DELAY,
        retry_delays: Sequence[float] = RETRY_DELAYS,
    ) -> None:
        super().__init__(
            intents=_intents(content=content),
            **_shard_options(shards),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=MAX_RATE_LIMIT_WAIT,
            allowed_mentions=present.NO_MENTIONS,
        )
        self._cards = services.cards
        self._group_chat = services.group_chat
        self._settings = services.settings
        self._delivery = Delivery(
            cards=services.cards,
            group_chat=services.group_chat,
            voting=services.voting,
            retry_delays=retry_delays,
        )
        self._refreshes = Debouncer(refresh_delay)
        self._votes = Votes(
            cards=services.cards,
            settings=services.settings,
            voting=services.voting,
            delivery=self._delivery,
            refreshes=self._refreshes,
        )
        self.tasks = TaskTracker()
        self._registers_commands = shards is None or 0 in shards.ids
        self.tree = _Tree(self)
        commands.add_to(self.tree, services, self._delivery, self.offer_reactions)
        self.add_dynamic_items(GenreMenu)

    async def setup_hook(self) -> None:
        """Register the commands, from one process of several."""
        if self._registers_commands:
            await sync(self.tree)

    async def on_message(self, source: discord.Message) -> None:
        """Answer the links of a message."""
        if source.author.bot or source.webhook_id or source.type not in USER_MESSAGES:
            return
        if not _may_reply(source):
            _log.info("message %s: not answered: no permission to send messages", source.id)
            return
        mentioned = _mentions(source, self.user)
        addressed = mentioned or source.guild is None
        self.tasks.track_current()
        message = ids.message(source, _text(source, mentioned=mentioned))
        replies = await self._group_chat.on_message(message, addressed=addressed)
        send = partial(source.channel.send, reference=source)
        sent = await self._delivery.deliver(send, message, replies)
        for message_id, card in sent:
            await self.offer_reactions(message.place, message.parent, message_id, card)

    async def on_raw_reaction_add(self, reaction: discord.RawReactionActionEvent) -> None:
        """Record a vote, or delete a reply for the person who asked."""
        await self._on_reaction(reaction, added=True)

    async def on_raw_reaction_remove(self, reaction: discord.RawReactionActionEvent) -> None:
        """Record the withdrawal of a vote."""
        await self._on_reaction(reaction, added=False)

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Delete the answers to a deleted message."""
        await self._on_deleted(ids.place(event), event.message_id)

    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Delete the answers to deleted messages."""
        for message_id in sorted(event.message_ids):
            await self._on_deleted(ids.place(event), message_id)

    async def on_genre_chosen(
        self, interaction: discord.Interaction, card_id: int, genre: str | None
    ) -> None:
        """Record a choice in the menu under a card."""
        self.tasks.track_current()
        await self._votes.choose(interaction, card_id, genre)

    async def on_error(self, event_method: str, /, *_: Any, **__: Any) -> None:
        """Log an unexpected exception of an event handler, instead of stopping the client."""
        error = sys.exception()
        _log.error("%s: failed: %s", event_method, stack_of(error) if error else "")

    async def offer_reactions(
        self, place: Place, parent: str | None, message_id: int, card: Card
    ) -> None:
        """Offer reactions under a card if they are enabled and the bot is a member there."""
        guild_id = int(place.workspace) if place.workspace.isdecimal() else None
        if guild_id is not None and self.get_guild(guild_id) is None:
            return
        settings = await self._settings.of(settings_place(place, parent))
        if settings.reactions:
            await self._delivery.offer_reactions(self._message(place, message_id), card)

    async def close(self) -> None:
        """Wait for events in progress, within a limit, and disconnect."""
        await self.tasks.wait(SHUTDOWN_SECONDS)
        await self._refreshes.close()
        await super().close()

    async def _on_reaction(self, reaction: discord.RawReactionActionEvent, *, added: bool) -> None:
        author = reaction.message_author_id
        if self.user is None or reaction.user_id == self.user.id:
            return
        if (reaction.member and reaction.member.bot) or (author and author != self.user.id):
            return
        place = ids.place(reaction)
        message = self._message(place, reaction.message_id)
        parent = ids.parent(self.get_channel(reaction.channel_id))
        self.tasks.track_current()
        await self._votes.react(reaction, place, parent, message, added=added)

    async def _on_deleted(self, place: Place, message_id: int) -> None:
        self.tasks.track_current()
        async with self._delivery.locks.of(place):
            answers = await self._cards.on_deleted(place, str(message_id))
        for answer in answers:
            request = self._message(place, int(answer)).delete()
            await succeeds(request, f"message {answer}: deletion")

    def _message(self, place: Place, message_id: int) -> discord.PartialMessage:
        return self.get_partial_messageable(int(place.channel)).get_partial_message(message_id)


class _Tree(app_commands.CommandTree[Client]):
    """Command tree whose commands the client waits for, and whose errors are reported."""

    async def interaction_check(self, interaction: discord.Interaction[Client], /) -> bool:
        """Track the command; return True."""
        interaction.client.tasks.track_current()
        return True

    async def on_error(
        self, interaction: discord.Interaction[Client], error: app_commands.AppCommandError, /
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


def _shard_options(shards: Shards | None) -> dict[str, Any]:
    return {"shard_ids": list(shards.ids), "shard_count": shards.count} if shards else {}


def _intents(*, content: bool) -> discord.Intents:
    intents = discord.Intents.none()
    intents.guilds = True
    intents.guild_messages = True
    intents.dm_messages = True
    intents.guild_reactions = True
    intents.dm_reactions = True
    intents.message_content = content
    return intents


def _text(source: discord.Message, *, mentioned: bool) -> str:
    """Return the text of a message, of what it forwards and, with a mention, of its reference."""
    parts = [source.content, *(forwarded.content for forwarded in source.message_snapshots)]
    reference = source.reference
    if mentioned and reference and isinstance(reference.resolved, discord.Message):
        parts.append(reference.resolved.content)
    return "\n".join(parts)


def _may_reply(source: discord.Message) -> bool:
    """Return whether the bot may send messages there; refused requests count against it."""
    if source.guild is None or source.guild.me is None:
        return True
    allowed = source.channel.permissions_for(source.guild.me)
    if isinstance(source.channel, discord.Thread):
        return allowed.send_messages_in_threads
    return allowed.send_messages


def _mentions(source: discord.Message, user: discord.ClientUser | None) -> bool:
    """Return whether the text mentions the bot; a reply to the bot alone does not.

    The bot's own role counts, too, as Discord offers it under the same name.
    """
    role = source.guild.self_role if source.guild else None
    by_role = role is not None and role.id in source.raw_role_mentions
    return by_role or (user is not None and user.id in source.raw_mentions)
