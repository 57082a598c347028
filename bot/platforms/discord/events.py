"""The Discord client: receives events, and stores them as jobs before it acts on them."""

import logging
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

import discord

from bot.concurrency.debouncer import Debouncer
from bot.concurrency.task_tracker import TaskTracker
from bot.domain.errors import stack_of
from bot.domain.jobs import Job
from bot.domain.places import Place
from bot.platforms.discord import commands, ids, jobs, present, reading
from bot.platforms.discord.answers import MessageAnswers
from bot.platforms.discord.card_items import CARD_ITEMS
from bot.platforms.discord.command_sync import sync
from bot.platforms.discord.command_tree import Tree
from bot.platforms.discord.deletion import Deletions
from bot.platforms.discord.delivery import RETRY_DELAYS, Delivery
from bot.platforms.discord.event_stream import EventStream, current_origin
from bot.platforms.discord.incoming import IncomingMessages
from bot.platforms.discord.interactions import Interactions
from bot.platforms.discord.link_previews import LinkPreviews
from bot.platforms.discord.owner_channel import OwnerChannel
from bot.platforms.discord.progress import TIMING, Timing
from bot.platforms.discord.reaction_offers import ReactionOffers
from bot.platforms.discord.saving import CardSaver
from bot.platforms.discord.sessions import SAVE_INTERVAL, Sessions
from bot.platforms.discord.shards import Shards
from bot.platforms.discord.song_choices import SongButton, SongMenu
from bot.platforms.discord.sound_uploads import SoundUploads
from bot.platforms.discord.votes import Votes
from bot.platforms.discord.waiting_button import WaitingButton, WaitingMessage
from bot.platforms.discord.welcome import Welcome
from bot.platforms.discord.work import Worker
from bot.services.failures import until_stored
from bot.services.services import Services

REFRESH_DELAY: Final = 2.0
"""Seconds between a vote and the update of its card; Discord allows about 5 edits in 5 seconds."""

MAX_RATE_LIMIT_WAIT: Final = 60.0
"""Seconds that a request may wait for a rate limit; beyond that it fails."""

STOP_SECONDS: Final = 10.0
"""Time for jobs in progress when the bot stops."""

STORED_EVENTS: Final = frozenset(
    {
        "message",
        "raw_message_edit",
        "raw_reaction_add",
        "raw_reaction_remove",
        "raw_message_delete",
        "raw_bulk_message_delete",
    }
)
"""Events that are sent again after a restart unless they were handled."""

_log = logging.getLogger(__name__)


class Client(discord.AutoShardedClient):
    """Serves Discord. Caches neither members nor messages.

    Args:
        services: The bot's services.
        content: Whether to request the privileged intent for the content of messages.
        shards: Part of the bot to run; all of it by default.
        refresh_delay: Seconds between a vote and the update of its card.
        retry_delays: Seconds between attempts to send a reply.
        stop_seconds: Time for jobs in progress when the client closes.
        progress_timing: When the progress of long work is displayed.
        save_interval: Seconds between two attempts to store how far events are handled.
        proxy: Address of the proxy for all requests and the gateway, if one is used.
        welcomes: Whether the bot introduces itself in servers that it joins.
    """

    def __init__(
        self,
        services: Services,
        *,
        content: bool = True,
        shards: Shards | None = None,
        refresh_delay: float = REFRESH_DELAY,
        retry_delays: Sequence[float] = RETRY_DELAYS,
        stop_seconds: float = STOP_SECONDS,
        progress_timing: Timing = TIMING,
        save_interval: float = SAVE_INTERVAL,
        proxy: str | None = None,
        welcomes: bool = True,
    ) -> None:
        super().__init__(
            intents=reading.intents(content=content),
            **(shards.options if shards else {}),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=MAX_RATE_LIMIT_WAIT,
            allowed_mentions=present.NO_MENTIONS,
            proxy=proxy,
        )
        self._stop_seconds = stop_seconds
        self.tasks = TaskTracker()
        self._sounds = SoundUploads(self, services.now)
        self._delivery = Delivery(
            cards=services.cards,
            collections=services.collections,
            listen=services.listen,
            voting=services.voting,
            retry_delays=retry_delays,
        )
        deletions = Deletions(self, services.cards, self._delivery.locks)
        self._refreshes = Debouncer(refresh_delay)
        self._waiting = services.waiting.open(
            ids.PLATFORM, WaitingMessage(self).display, refresh_delay
        )
        votes = Votes(self, services, self._delivery, self._refreshes)
        offer = ReactionOffers(self, services.settings, self._delivery, self.tasks).start
        previews = LinkPreviews(self, services.settings, self.tasks)
        answers = MessageAnswers(
            self,
            services,
            delivery=self._delivery,
            deletions=deletions,
            timing=progress_timing,
            waiting=self._waiting,
            sounds=self._sounds,
            after_answer=(offer, previews.start_removing),
        )
        worker = Worker(
            self,
            services,
            answers=answers,
            delivery=self._delivery,
            deletions=deletions,
            votes=votes,
            waiting=self._waiting,
            sounds=self._sounds,
            offer=offer,
            saver=CardSaver(services.cards, services.listen, services.share, services.voting),
        )
        self._runner = services.inbox.open(ids.PLATFORM, worker, self._waiting.refresh)
        self._incoming = IncomingMessages(
            self,
            services,
            deletions=deletions,
            sounds=self._sounds,
            accept=self._until_accepted,
        )
        self._welcome = Welcome(services.deduplicator) if welcomes else None
        self._announcements = services.announcements.open(ids.PLATFORM, OwnerChannel(self).send)
        self._stream = EventStream(self, services.gateway_sessions)
        self._stream.install()
        self._sessions = Sessions(
            self, self._stream, shards=shards.ids if shards else None, save_interval=save_interval
        )
        self.on_connected: Callable[[], Awaitable[None]] | None = None
        self._registers_commands = shards is None or 0 in shards.ids
        self.tree = Tree(self)
        self.interactions = Interactions(
            self._runner,
            self._sounds,
            cards=services.cards,
            listen=services.listen,
            settings=services.settings,
        )
        accept, save_cards = self.interactions.accept, self.interactions.save_cards
        commands.add_to(self.tree, services, accept, save_cards)
        self.add_dynamic_items(*CARD_ITEMS, SongButton, SongMenu, WaitingButton)

    async def setup_hook(self) -> None:
        """Register the commands, from one process of several, and ask for earlier events."""
        if self._registers_commands:
            await sync(self.tree)
        await self._sessions.resume()

    async def on_shard_connect(self, shard: int) -> None:
        """Guard a new connection, and store how far its events are handled."""
        self._sessions.on_connect(shard)

    async def on_shard_resumed(self, shard: int) -> None:
        """Guard a connection that continues a session."""
        self._sessions.on_connect(shard)

    async def on_ready(self) -> None:
        """Work off what earlier processes left, then store how far events are handled."""
        if self.on_connected:
            await self.on_connected()
        self._runner.start()
        self._announcements.start()
        await self._sessions.on_ready()

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Pass an event to its handler; the events that are stored count as begun."""
        if event in STORED_EVENTS:
            self._stream.hold()
        super().dispatch(event, *args, **kwargs)

    async def on_message(self, source: discord.Message) -> None:
        """Store a message that asks for something."""
        with self._stream.handling():
            await self._incoming.on_message(source)

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Store an edit that may change the answers to a message."""
        with self._stream.handling():
            await self._incoming.on_edit(event)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Introduce the bot in a server that it has joined, not in one that is back again."""
        if self._welcome:
            await self._welcome.on_join(guild)

    async def on_raw_reaction_add(self, reaction: discord.RawReactionActionEvent) -> None:
        """Store a reaction that is a vote, or that deletes a reply."""
        with self._stream.handling():
            await self._on_reaction(reaction, added=True)

    async def on_raw_reaction_remove(self, reaction: discord.RawReactionActionEvent) -> None:
        """Store the withdrawal of a vote."""
        with self._stream.handling():
            await self._on_reaction(reaction, added=False)

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Delete the answers to a deleted message."""
        with self._stream.handling():
            await self._on_deleted(ids.place(event), event.message_id)

    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Delete the answers to deleted messages."""
        with self._stream.handling():
            for message_id in sorted(event.message_ids):
                await self._on_deleted(ids.place(event), message_id)

    async def on_error(self, event_method: str, /, *_: Any, **__: Any) -> None:
        """Log an unexpected exception of an event handler, instead of stopping the client."""
        error = sys.exception()
        _log.error("%s: failed: %s", event_method, stack_of(error) if error else "")

    async def close(self) -> None:
        """Wait for jobs in progress, within a limit, and disconnect; sessions stay resumable."""
        deadline = self.loop.time() + self._stop_seconds
        await self._runner.stop(self._stop_seconds)
        await self.tasks.wait(max(0.0, deadline - self.loop.time()))
        await self._refreshes.close()
        await self._waiting.close()
        await self._announcements.close()
        await self._sessions.leave()
        await super().close()

    async def _until_accepted(self, job: Job) -> None:
        """Store a job, again and again while the database fails; raise NotAccepting."""
        await until_stored(lambda: self._runner.accept(job), f"message {job.id}")

    async def _on_reaction(self, reaction: discord.RawReactionActionEvent, *, added: bool) -> None:
        author = reaction.message_author_id
        if self.user is None or reaction.user_id == self.user.id:
            return
        if (reaction.member and reaction.member.bot) or (author and author != self.user.id):
            return
        parent = ids.parent(self.get_channel(reaction.channel_id))
        job = jobs.reaction_job(reaction, parent, current_origin(), added=added)
        if job:
            await self._until_accepted(job)

    async def _on_deleted(self, place: Place, message_id: int) -> None:
        self.tasks.track_current()
        await self._incoming.on_deleted(place, message_id)
