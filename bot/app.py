"""The composition root: everything is built here, once, and closed in the opposite order."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

import aiohttp

from bot import texts
from bot.catalog import oembed, reccobeats, sample
from bot.catalog.short_links import ShortLinks
from bot.chain import CatalogChain, FeatureChain
from bot.classify import Classify
from bot.core import Core
from bot.errors import ConfigurationError, ModelUnusable, SoundslikeError
from bot.features.reccobeats import ReccoBeatsFeatures
from bot.feedback import Feedback
from bot.ports import Classifier, FeatureProvider, Platform, Ready, TrackCatalog
from bot.render.renderer import ThreadRenderer
from bot.settings import Settings
from bot.storage.open import open_stores
from bot.web import Service
from model.classifier import Classifier as OnnxClassifier
from model.errors import BundleError, NoBundle
from model.store import BundleStore

STOPPING: Final = (signal.SIGINT, signal.SIGTERM)

_log = logging.getLogger(__name__)


@asynccontextmanager
async def open_core(settings: Settings, model: str | None = None) -> AsyncIterator[Core]:
    """Build the core; `model` names another model than the settings do.

    Raises ModelUnusable and StorageFailed.
    """
    if settings.model_store:
        # fsspec takes 0.4 s to import: only where it is used.
        from bot.model_store import refresh

        await refresh(settings.model_store, model or settings.model, settings.fetched_models)
    classifier = load_classifier(settings, model)
    async with AsyncExitStack() as stack:
        stores = await stack.enter_async_context(open_stores(settings.database, settings.data_dir))
        renderer = stack.enter_context(ThreadRenderer())
        session = await stack.enter_async_context(aiohttp.ClientSession())
        catalogs, providers = sources(settings, session)
        yield Core(
            classify=Classify(
                CatalogChain(catalogs), FeatureChain(providers), classifier, stores.predictions
            ),
            feedback=Feedback(stores.predictions, stores.feedback, stores.hashed),
            short_links=ShortLinks(session),
            renderer=renderer,
            predictions=stores.predictions,
            messages=stores.messages,
            hashed=stores.hashed,
        )


def sources(
    settings: Settings, session: aiohttp.ClientSession
) -> tuple[list[TrackCatalog], list[FeatureProvider]]:
    """Build the catalogs and the feature providers, each in order of preference."""
    songs = sample.load()
    known = sample.SampleCatalog(songs)
    reccobeats_api = Service(reccobeats.NAME, settings.reccobeats_url, session)
    oembed_api = Service(oembed.NAME, settings.oembed_url, session)
    catalogs: list[TrackCatalog] = [known]
    providers: list[FeatureProvider] = [known, ReccoBeatsFeatures(reccobeats_api)]
    if settings.spotify_client_id and settings.spotify_client_secret:
        # spotipy takes 0.4 s to import: only where it is used.
        from bot.catalog.spotify import SpotifyCatalog, SpotifySession
        from bot.features.spotify import SpotifyFeatures

        spotify = SpotifySession(
            settings.spotify_client_id, settings.spotify_client_secret.get_secret_value()
        )
        catalogs.append(SpotifyCatalog(spotify, settings.spotify_market))
        if settings.spotify_audio_features:
            providers.append(SpotifyFeatures(spotify))
    catalogs += [
        reccobeats.ReccoBeatsCatalog(reccobeats_api),
        oembed.OEmbedCatalog(oembed_api),
        sample.SampleCatalog(songs, forgiving=True),
    ]
    return catalogs, providers


def load_classifier(settings: Settings, model: str | None = None) -> Classifier:
    """Load the current bundle of the model that is set, or of `model`; raises ModelUnusable.

    Where there is a model store, the copy fetched from it comes before the shipped bundle.
    """
    name = model or settings.model
    try:
        if settings.model_store and (fetched := _fetched(settings, name)):
            return fetched
        return OnnxClassifier(BundleStore(settings.models_dir).load(name))
    except BundleError as error:
        raise ModelUnusable(str(error)) from error


def _fetched(settings: Settings, name: str) -> Classifier | None:
    try:
        return OnnxClassifier(BundleStore(settings.fetched_models).load(name))
    except NoBundle:
        return None
    except BundleError as error:
        _log.warning(texts.model_passed_over(name, error))
        return None


def platforms(settings: Settings, names: Sequence[str]) -> list[Platform]:
    """Build the platforms called `names`, else those whose secrets are set, else the local chat."""
    return [_platform(name, settings) for name in names or settings.configured or ("local",)]


def _platform(name: str, settings: Settings) -> Platform:
    if name == "local":
        from bot.platforms.local.platform import LocalPlatform

        return LocalPlatform(settings.local_host, settings.local_port)
    raise ConfigurationError(f"{name.capitalize()} is not part of this version yet.")


async def run(settings: Settings, names: Sequence[str], ready: Ready) -> None:
    """Run platforms until SIGINT or SIGTERM; raises SoundslikeError when they cannot start.

    `ready` is called with one line for the operator by each platform that is up.
    """
    chosen = platforms(settings, names)
    stop_on_signals()
    async with open_core(settings) as core:
        try:
            async with asyncio.TaskGroup() as group:
                for platform in chosen:
                    group.create_task(platform.run(core, ready))
        except* SoundslikeError as failures:
            raise failures.exceptions[0] from None


def stop_on_signals() -> None:
    """Cancel the running task on SIGINT or SIGTERM, once, so that all is closed in order."""
    task = asyncio.current_task()
    if task is None:
        raise RuntimeError("no task is running")

    def stop() -> None:
        if not task.cancelling():
            task.cancel()

    for name in STOPPING:
        asyncio.get_running_loop().add_signal_handler(name, stop)
