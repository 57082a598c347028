"""The client: Discord's events, each handed to what knows about it."""

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
from bot.domain.errors import trace
from bot.domain.places import Place
from bot.platforms.discord import commands, ids, present
from bot.platforms.discord.command_sync import sync
from bot.platforms.discord.delivery import FAILURES, PAUSES, Delivery, why
from bot.platforms.discord.genre_menu import GenreMenu
from bot.platforms.discord.shards import Shards
from bot.platforms.discord.votes import Votes
from bot.services.handlers import SharedHandlers

REFRESH_AFTER: Final = 2.0
"""Seconds from a vote to the card that shows it; Discord allows some five edits in five seconds."""

LONGEST_WAIT: Final = 60.0
"""Seconds that a rate limit may hold a request up; beyond that it fails."""

DRAIN: Final = 5.0
"""Seconds that work under way gets when the bot stops."""

LOST: Final = frozenset({10062, 40060})
"""Discord's codes of an interaction that has expired, or that was answered already."""

SPOKEN: Final = (discord.MessageType.default, discord.MessageType.reply)

_log = logging.getLogger(__name__)


class Client(discord.AutoShardedClient):
    """Speaks for the core on Discord. Keeps no members and no messages in memory."""

    def __init__(
        self,
        handlers: SharedHandlers,
        *,
        content: bool = True,
        shards: Shards | None = None,
        refresh_after: float = REFRESH_AFTER,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        """With `content`, ask for the privileged intent that lets the bot see pasted links."""
        super().__init__(
            intents=_intents(content=content),
            **_part(shards),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=LONGEST_WAIT,
            allowed_mentions=present.NO_MENTIONS,
        )
        self._core = handlers
        self._delivery = Delivery(handlers, pauses)
        self._later = Debouncer(refresh_after)
        self._votes = Votes(handlers, self._delivery, self._later)
        self.work = TaskTracker()
        self._syncs = shards is None or 0 in shards.ids
        self.tree = _Tree(self)
        self.tree.error(_on_command_error)
        commands.add_to(self.tree, handlers, self._delivery, self.offer)
        self.add_dynamic_items(GenreMenu)

    async def setup_hook(self) -> None:
        """Tell Discord of the commands, from one process of several."""
        if self._syncs:
            await sync(self.tree)

    async def on_message(self, written: discord.Message) -> None:
        """Answer the links of a message."""
        if written.author.bot or written.webhook_id or written.type not in SPOKEN:
            return
        if not _may_answer(written):
            _log.info("message %s: not answered: the bot may not write there", written.id)
            return
        named = _names(written, self.user)
        addressed = named or written.guild is None
        self.work.begin()
        message = ids.message(written, _text(written, named=named))
        replies = await self._core.room.on_pasted(message, addressed=addressed)
        reply = partial(written.channel.send, reference=written)
        shown = await self._delivery.deliver(reply, message, replies)
        for message_id, card in shown:
            await self.offer(message.place, message.parent, message_id, card)

    async def on_raw_reaction_add(self, reaction: discord.RawReactionActionEvent) -> None:
        """Take a vote, or the asker's wish that a reply goes."""
        await self._on_reaction(reaction, added=True)

    async def on_raw_reaction_remove(self, reaction: discord.RawReactionActionEvent) -> None:
        """Take a vote back."""
        await self._on_reaction(reaction, added=False)

    async def on_raw_message_delete(self, gone: discord.RawMessageDeleteEvent) -> None:
        """Delete the answers to a message that was deleted."""
        await self._on_deleted(ids.place(gone), gone.message_id)

    async def on_raw_bulk_message_delete(self, gone: discord.RawBulkMessageDeleteEvent) -> None:
        """Delete the answers to messages that were deleted."""
        for message_id in sorted(gone.message_ids):
            await self._on_deleted(ids.place(gone), message_id)

    async def on_chosen(
        self, interaction: discord.Interaction, card_id: int, genre: str | None
    ) -> None:
        """Take a choice from the menu under a card."""
        self.work.begin()
        await self._votes.choose(interaction, card_id, genre)

    async def on_error(self, event_method: str, /, *_: Any, **__: Any) -> None:
        """Log what a handler did not foresee; the chat goes on."""
        error = sys.exception()
        _log.error("%s: failed: %s", event_method, trace(error) if error else "")

    async def offer(self, place: Place, parent: str | None, message_id: int, card: Card) -> None:
        """Offer reactions under a card, where the bot is a member and they are switched on."""
        guild_id = int(place.workspace) if place.workspace.isdecimal() else None
        if guild_id is not None and self.get_guild(guild_id) is None:
            return
        settings = await self._core.room.settings(place.ruling(parent))
        if settings.reactions:
            await self._delivery.offer(self._message(place, message_id), card)

    async def close(self) -> None:
        """Finish what is under way, within reason, and disconnect."""
        await self.work.finish(DRAIN)
        await self._later.close()
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
        self.work.begin()
        await self._votes.react(reaction, place, parent, message, added=added)

    async def _on_deleted(self, place: Place, message_id: int) -> None:
        self.work.begin()
        async with self._delivery.turns.of(place):
            answers = await self._core.room.on_deleted(place, str(message_id))
        for answer in answers:
            try:
                await self._message(place, int(answer)).delete()
            except FAILURES as error:
                _log.info("message %s: not deleted: %s", answer, why(error))

    def _message(self, place: Place, message_id: int) -> discord.PartialMessage:
        return self.get_partial_messageable(int(place.channel)).get_partial_message(message_id)


class _Tree(app_commands.CommandTree[Client]):
    """The commands; those under way are waited for, like everything else."""

    async def interaction_check(self, interaction: discord.Interaction[Client], /) -> bool:
        """Let everyone pass."""
        interaction.client.work.begin()
        return True


def _part(shards: Shards | None) -> dict[str, Any]:
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


def _text(written: discord.Message, *, named: bool) -> str:
    """Return what stands in a message, in what it forwards, and in what it shows the bot."""
    parts = [written.content, *(forwarded.content for forwarded in written.message_snapshots)]
    if named and written.reference and isinstance(written.reference.resolved, discord.Message):
        parts.append(written.reference.resolved.content)
    return "\n".join(parts)


def _may_answer(written: discord.Message) -> bool:
    """Say whether the bot may speak where a message stands; each refusal counts against it."""
    if written.guild is None or written.guild.me is None:
        return True
    allowed = written.channel.permissions_for(written.guild.me)
    if isinstance(written.channel, discord.Thread):
        return allowed.send_messages_in_threads
    return allowed.send_messages


def _names(written: discord.Message, user: discord.ClientUser | None) -> bool:
    """Say whether a message names the bot in its text; a reply to the bot alone does not.

    Discord offers the bot's own role under the same name: whoever picks that means the bot.
    """
    role = written.guild.self_role if written.guild else None
    by_role = role is not None and role.id in written.raw_role_mentions
    return by_role or (user is not None and user.id in written.raw_mentions)


async def _on_command_error(
    interaction: discord.Interaction, error: app_commands.AppCommandError
) -> None:
    """Log what a command did not foresee, and say so where Discord still listens."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if isinstance(cause, discord.HTTPException) and cause.code in LOST:
        _log.warning("interaction %s: lost: %s", interaction.id, why(cause))
        return
    _log.error("interaction %s: failed: %s", interaction.id, trace(cause))
    try:
        if interaction.response.is_done():
            await interaction.followup.send(texts.TRY_AGAIN, ephemeral=True)
        else:
            await interaction.response.send_message(texts.TRY_AGAIN, ephemeral=True)
    except FAILURES as silent:
        _log.info("interaction %s: nothing said: %s", interaction.id, why(silent))
