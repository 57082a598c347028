"""Composition root: builds adapters, services and platforms from the settings."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.render.chart_files import ChartFiles
from bot.render.renderer import ChartRenderer
from bot.runtime import learning, previews, retraining, source_clients, sources
from bot.runtime.model_source import ModelSource
from bot.runtime.model_watch import ModelWatch
from bot.runtime.models import open_registry
from bot.runtime.settings import Settings, secret
from bot.runtime.sounds import sound_listener, temporary_files
from bot.runtime.stored_models import StoredModels
from bot.runtime.use_cases import build_services
from bot.services.classify import ClassifyService
from bot.services.collections import CollectionService
from bot.services.filing import FiledUnderService
from bot.services.inbox import InboxService
from bot.services.label_fits import LabelFits
from bot.services.model_registry import LazyModelRegistry
from bot.services.offline import BuiltInSongs
from bot.services.retention import RetentionService
from bot.services.retraining import RetrainingService
from bot.services.services import Services
from bot.services.shadow import ShadowedPredictions, ShadowService
from bot.services.source_comparison import SourceComparison
from bot.sources.covers import Covers
from bot.sources.reply_cache import Cache, NoStore
from bot.sources.short_links import NAME as SHORT_LINKS
from bot.sources.short_links import ShortLinkResolver
from bot.storage import stores as storage
from bot.storage.stores import Stores, open_stores, open_vault, utc_now
from model.tag_taxonomy import load_taxonomy


@dataclass(frozen=True, slots=True)
class OpenedServices:
    """The services, and what runs beside them while the bot does: see `running`.

    `retraining` is run by `bot.runtime.retraining.scheduled`.
    """

    services: Services
    models: LazyModelRegistry
    retention: RetentionService
    retraining: RetrainingService
    shadow: ShadowService
    watch: ModelWatch

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Delete old rows, let candidates classify, and watch the models until the block ends."""
        async with self.retention.running(), self.shadow.running(), self.watch.running():
            yield


@asynccontextmanager
async def open_services(
    settings: Settings, model: str | None = None
) -> AsyncIterator[OpenedServices]:
    """Build the services; close everything they use on exit.

    Args:
        settings: The settings.
        model: Default model instead of the configured one.

    Raises:
        ConfigurationError: There is no tagger in TAGGERS_DIR.
        ModelUnusable: The model cannot be loaded.
        StorageFailed: The database cannot be opened.
    """
    source = ModelSource(settings)
    models = await open_registry(settings, model, source)
    async with AsyncExitStack() as stack:
        opened = await stack.enter_async_context(stores(settings))
        shadow = ShadowService(opened.shadow_answers)
        opened = replace(opened, predictions=ShadowedPredictions(opened.predictions, shadow))
        renderer = stack.enter_context(ChartRenderer(ChartFiles(settings.data_dir / "charts")))
        session = await stack.enter_async_context(source_clients.open_session())
        clients = source_clients.build(settings, session, opened.ledger)
        cache = Cache(opened.source_cache, opened.derive_key("searches"))
        stack.push_async_callback(cache.close)
        taxonomy = load_taxonomy()
        found = sources.build(settings, clients, cache, taxonomy)
        await stack.enter_async_context(clients.monitor.running())
        filing = FiledUnderService(found.tags, taxonomy)
        stack.push_async_callback(filing.close)
        search = sources.search(found)
        stack.push_async_callback(search.close)
        files = temporary_files(settings)
        listener = await stack.enter_async_context(sound_listener(settings, files))
        listening = previews.build(settings, clients, listener, files)
        measure = sources.measure(found, search, filing, listening)
        stack.push_async_callback(measure.close)
        label_fits = LabelFits(opened.own_labels)
        stack.push_async_callback(label_fits.close)
        classify = ClassifyService(measure, models, opened.predictions, label_fits)
        stack.push_async_callback(classify.close)
        covers = Covers(clients)
        stack.push_async_callback(covers.close)
        services = build_services(
            classify=classify,
            search=search,
            offline=BuiltInSongs(found.similar, found.embedded.famous, found.embedded, filing),
            collections=CollectionService(
                lookups=found.collections,
                search=found.collection_search,
                features=found.features,
                track_lookups=[*found.lookups, found.ids],
                models=models,
                summaries=opened.summaries,
                renderer=renderer,
            ),
            short_links=ShortLinkResolver(
                session,
                guard=clients.guard(SHORT_LINKS),
                user_agent=clients.user_agent,
                proxies=clients.proxies,
            ),
            listener=listener,
            models=models,
            renderer=renderer,
            painter=renderer,
            covers=covers,
            stores=opened,
            label_fits=label_fits,
            files=files,
            artists=found.artist_search,
            inbox=InboxService(
                opened.inbox, utc_now, timedelta(minutes=settings.answer_within_minutes)
            ),
            is_offline=lambda: clients.monitor.is_offline,
            owner_place=settings.owner_place,
            reports=StoredModels(settings),
        )
        stack.push_async_callback(services.close)
        retention = RetentionService(
            opened.retention,
            settings.retention_days,
            utc_now,
            feedback_days=settings.feedback_days,
        )
        watch = learning.watch(settings, source, models, opened, shadow)
        yield OpenedServices(
            services, models, retention, retraining.build(settings, opened), shadow, watch
        )


@asynccontextmanager
async def open_comparison(settings: Settings) -> AsyncIterator[SourceComparison]:
    """Build the comparison of the sources, which asks them without the cache.

    Raises StorageFailed if the database cannot be opened.
    """
    async with AsyncExitStack() as stack:
        opened = await stack.enter_async_context(stores(settings))
        session = await stack.enter_async_context(source_clients.open_session())
        clients = source_clients.build(settings, session, opened.ledger)
        cache = Cache(NoStore(), b"")
        stack.push_async_callback(cache.close)
        taxonomy = load_taxonomy()
        found = sources.build(settings, clients, cache, taxonomy)
        await stack.enter_async_context(clients.monitor.running())
        filing = FiledUnderService(found.tags, taxonomy)
        stack.push_async_callback(filing.close)
        search = sources.search(found)
        stack.push_async_callback(search.close)
        measure = sources.measure(found, search, filing)
        stack.push_async_callback(measure.close)
        looked_up = {lookup.name for lookup in found.lookups}
        searches = (search for step in found.slow_searches for search in step)
        yield SourceComparison(
            measure=measure,
            search=search,
            lookups=found.lookups,
            features=found.features.providers,
            tags=found.tags,
            tempos=found.tempos,
            searches=[one for one in searches if one.name not in looked_up],
        )


def stores(settings: Settings) -> AbstractAsyncContextManager[Stores]:
    """Open the stores that the settings name; raise StorageFailed."""
    return open_stores(
        settings.database,
        settings.data_dir,
        key=secret(settings.user_hash_key),
        learns_from_public=settings.learn_from_public,
    )


async def check_writable(settings: Settings) -> str:
    """Write to the database that the settings name; return its name; raise StorageFailed."""
    return await storage.check_writable(settings.database)


async def check_vault(settings: Settings) -> None:
    """Open the vault, if the settings have keys for it; raise StorageFailed if it cannot be."""
    if settings.token_keys:
        async with open_vault(settings.database, settings.token_keys):
            return
