"""The services that a platform uses, and the interface of a platform."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from bot.concurrency.temporary_files import TemporaryFiles
from bot.domain.ports import GatewaySessionStore, Now
from bot.services.announcements import AnnouncementService
from bot.services.ask import AskService
from bot.services.autocomplete import AutocompleteService
from bot.services.cards import CardService
from bot.services.channel_settings import SettingsService
from bot.services.collections import CollectionService
from bot.services.comparison import ComparisonService
from bot.services.deduplication import Deduplicator
from bot.services.disputes import DisputeService
from bot.services.edits import EditService
from bot.services.find import FindService
from bot.services.group_chat import GroupChat
from bot.services.inbox import InboxService
from bot.services.listen import ListenService
from bot.services.reply_plans import ReplyPlans
from bot.services.sharing import ShareService
from bot.services.songs import SongService
from bot.services.statistics import StatisticsService
from bot.services.voice_messages import VoiceMessages
from bot.services.voting import VotingService
from bot.services.waiting_links import WaitingLinks
from bot.services.what_if import WhatIfService


@dataclass(frozen=True, slots=True)
class Services:
    """All use cases, built by the composition root.

    `is_offline` tells whether no music service has answered yet: the built-in songs are all
    that is known.
    """

    announcements: AnnouncementService
    ask: AskService
    autocomplete: AutocompleteService
    cards: CardService
    collections: CollectionService
    comparison: ComparisonService
    deduplicator: Deduplicator
    disputes: DisputeService
    edits: EditService
    find: FindService
    gateway_sessions: GatewaySessionStore
    group_chat: GroupChat
    inbox: InboxService
    is_offline: Callable[[], bool]
    listen: ListenService
    now: Now
    plans: ReplyPlans
    settings: SettingsService
    share: ShareService
    songs: SongService
    statistics: StatisticsService
    temporary_files: TemporaryFiles
    voice_messages: VoiceMessages
    voting: VotingService
    waiting: WaitingLinks
    what_if: WhatIfService

    async def close(self) -> None:
        """End what has been begun for callers, who may have left, before the ports are closed."""
        callers_first = (self.comparison, self.what_if, self.songs, self.disputes)
        for service in (*callers_first, self.autocomplete):
            await service.close()


NotifyReady = Callable[[str], Awaitable[None]]
"""Called with one line for the operator when a platform is ready."""


class Platform(Protocol):
    """A chat that the bot serves."""

    @property
    def name(self) -> str:
        """Name of the platform in `--platform`."""

    async def run(self, services: Services, notify_ready: NotifyReady) -> None:
        """Connect, call `notify_ready`, serve until cancelled, then release all resources."""
