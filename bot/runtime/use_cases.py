"""Connects the use cases with one another, on the ports that the composition root gives them."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from bot.concurrency.temporary_files import TemporaryFiles
from bot.domain.picture_ports import CoverSource, Renderer, SharePainter
from bot.domain.places import Place
from bot.domain.ports import ModelRegistry, Now
from bot.domain.sound_ports import Listener
from bot.domain.source_ports import ArtistSearch, LinkResolver
from bot.domain.trainings import GateReports, NoReports
from bot.services.announcements import AnnouncementService
from bot.services.ask import AskService
from bot.services.autocomplete import AutocompleteService
from bot.services.cards import CardService
from bot.services.channel_settings import SettingsService
from bot.services.classify import ClassifyService
from bot.services.collections import CollectionService
from bot.services.comparison import ComparisonService
from bot.services.deduplication import Deduplicator
from bot.services.disputes import DisputeService
from bot.services.edits import EditService
from bot.services.find import FindService
from bot.services.group_chat import GroupChat
from bot.services.inbox import InboxService
from bot.services.label_fits import LabelFits
from bot.services.learned import LearnedService
from bot.services.listen import ListenService
from bot.services.offline import OfflineSongs
from bot.services.own_labels import OwnLabelService
from bot.services.rate_limits import RateLimits
from bot.services.recent_cards import RecentCards
from bot.services.reply_plans import ReplyPlans
from bot.services.search import SearchService
from bot.services.services import Services
from bot.services.sharing import ShareService
from bot.services.songs import SongService
from bot.services.statistics import StatisticsService
from bot.services.voice_messages import VoiceMessages
from bot.services.voting import VotingService
from bot.services.waiting_links import WaitingLinks
from bot.services.what_if import WhatIfService
from bot.storage.stores import Stores, utc_now


def build_services(
    *,
    classify: ClassifyService,
    search: SearchService,
    offline: OfflineSongs,
    collections: CollectionService,
    short_links: LinkResolver,
    listener: Listener,
    models: ModelRegistry,
    renderer: Renderer,
    painter: SharePainter,
    covers: CoverSource,
    stores: Stores,
    label_fits: LabelFits | None = None,
    files: TemporaryFiles | None = None,
    artists: ArtistSearch | None = None,
    now: Now = utc_now,
    inbox: InboxService | None = None,
    is_offline: Callable[[], bool] = lambda: False,
    owner_place: Place | None = None,
    reports: GateReports | None = None,
) -> Services:
    """Connect the services with one another."""
    files = files or TemporaryFiles()
    find = FindService(search, short_links, offline)
    ask = AskService(classify=classify, collections=collections, find=find)
    listen = ListenService(listener, stores.predictions, files)
    deduplicator = Deduplicator(stores.events)
    recent_cards = RecentCards(stores.messages, models, now)
    settings = SettingsService(stores.settings, models)
    rate_limits = RateLimits()
    statistics = StatisticsService(
        stores.stats, models, renderer, stores.trainings.corrections_since
    )
    cards = CardService(
        predictions=stores.predictions,
        messages=stores.messages,
        renderer=renderer,
        recent_cards=recent_cards,
        deduplicator=deduplicator,
        hash_user=stores.hash_user,
    )
    disputes = DisputeService(offline, models)
    songs = SongService(classify, models, stores.predictions)
    learned = LearnedService(stores.learned, models, stores.hash_user)
    voting = VotingService(stores.predictions, stores.votes, stores.hash_user, learned.forget)
    return Services(
        announcements=AnnouncementService(
            owner_place,
            trainings=stores.trainings,
            reports=reports or NoReports(),
            leases=stores.leases,
            owner=uuid4().hex,
            now=now,
        ),
        ask=ask,
        autocomplete=AutocompleteService(search, artists),
        cards=cards,
        collections=collections,
        comparison=ComparisonService(songs, models, renderer),
        deduplicator=deduplicator,
        disputes=disputes,
        edits=EditService(ask, cards),
        find=find,
        gateway_sessions=stores.gateway_sessions,
        group_chat=GroupChat(
            ask=ask,
            listen=listen,
            settings=settings,
            statistics=statistics,
            rate_limits=rate_limits,
            recent_cards=recent_cards,
        ),
        inbox=inbox or InboxService(stores.inbox, now, timedelta(hours=1)),
        is_offline=is_offline,
        learned=learned,
        listen=listen,
        now=now,
        own_labels=OwnLabelService(
            stores.own_labels, label_fits or LabelFits(stores.own_labels), find, classify
        ),
        plans=ReplyPlans(stores.inbox, stores.predictions, stores.summaries, cards),
        settings=settings,
        share=ShareService(painter, covers, voting),
        songs=songs,
        statistics=statistics,
        temporary_files=files,
        voice_messages=VoiceMessages(settings, rate_limits, now),
        voting=voting,
        waiting=WaitingLinks(stores.inbox, stores.messages),
        what_if=WhatIfService(songs, disputes, models, now),
    )
