"""The composition root: everything is built here, once, and closed in the opposite order."""

import asyncio
import gc
import logging
import os
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Final

import aiohttp

from bot import texts
from bot.domain.errors import ConfigurationError, ModelUnusable, SoundslikeError
from bot.domain.ports import (
    Classifier,
    FeatureProvider,
    LinkResolver,
    ModelRegistry,
    Now,
    Renderer,
    TrackLookup,
)
from bot.platforms.discord.shards import Shards
from bot.render.renderer import ThreadRenderer
from bot.runtime import ephemeral_disk
from bot.runtime.health import heartbeat
from bot.runtime.settings import Settings, secret
from bot.services.ask import AskService
from bot.services.chat import ChatService
from bot.services.classify import ClassifyService
from bot.services.group_chat import GroupChat
from bot.services.handlers import Platform, Ready
from bot.services.model_registry import LazyModelRegistry
from bot.services.voting import VotingService
from bot.sources import embedded_songs, oembed, reccobeats
from bot.sources.chain import FeatureChain, LookupChain
from bot.sources.http_client import HttpService
from bot.sources.reccobeats_features import ReccoBeatsFeatures
from bot.sources.short_links import ShortLinkResolver
from bot.storage.stores import Stores, open_stores, open_vault, utc_now
from model.classifier import Classifier as OnnxClassifier
from model.errors import BundleError, NoBundle
from model.store import BundleStore

STOPPING: Final = (signal.SIGINT, signal.SIGTERM)

_log = logging.getLogger(__name__)


@asynccontextmanager
async def open_core(settings: Settings, model: str | None = None) -> AsyncIterator[ChatService]:
    """Build the core; `model` names another model than the settings do.

    Raises ModelUnusable and StorageFailed.
    """
    if settings.model_store:
        # fsspec takes 0.4 s to import: only where it is used.
        from bot.runtime.model_download import refresh

        await refresh(settings.model_store, model or settings.model, settings.fetched_models)
    classifier = load_classifier(settings, model)
    models = LazyModelRegistry(
        classifier, model_names(settings), partial(load_classifier, settings)
    )
    async with AsyncExitStack() as stack:
        opened = await stack.enter_async_context(stores(settings))
        renderer = stack.enter_context(ThreadRenderer())
        session = await stack.enter_async_context(aiohttp.ClientSession())
        catalogs, providers = sources(settings, session)
        chains = LookupChain(catalogs), FeatureChain(providers)
        classify = ClassifyService(*chains, models, opened.predictions)
        yield build_core(
            classify=classify,
            short_links=ShortLinkResolver(session),
            models=models,
            renderer=renderer,
            stores=opened,
        )


def build_core(
    *,
    classify: ClassifyService,
    short_links: LinkResolver,
    models: ModelRegistry,
    renderer: Renderer,
    stores: Stores,
    now: Now = utc_now,
) -> ChatService:
    """Put the use cases together."""
    answers = AskService(classify, short_links)
    room = GroupChat(
        answers=answers,
        classify=classify,
        models=models,
        renderer=renderer,
        messages=stores.messages,
        events=stores.events,
        settings=stores.settings,
        stats=stores.stats,
        hashed=stores.hashed,
        now=now,
    )
    return ChatService(
        answers=answers,
        feedback=VotingService(stores.predictions, stores.feedback, stores.hashed),
        renderer=renderer,
        predictions=stores.predictions,
        messages=stores.messages,
        hashed=stores.hashed,
        room=room,
    )


def stores(settings: Settings) -> AbstractAsyncContextManager[Stores]:
    """Open the stores that the settings name; raises StorageFailed."""
    key = secret(settings.user_hash_key)
    return open_stores(settings.database, settings.data_dir, key=key)


def sources(
    settings: Settings, session: aiohttp.ClientSession
) -> tuple[list[TrackLookup], list[FeatureProvider]]:
    """Build the catalogs and the feature providers, each in order of preference."""
    songs = embedded_songs.load()
    known = embedded_songs.EmbeddedSongs(songs)
    reccobeats_api = HttpService(reccobeats.NAME, settings.reccobeats_url, session)
    oembed_api = HttpService(oembed.NAME, settings.oembed_url, session)
    catalogs: list[TrackLookup] = [known]
    providers: list[FeatureProvider] = [known, ReccoBeatsFeatures(reccobeats_api)]
    if settings.spotify_client_id and settings.spotify_client_secret:
        # spotipy takes 0.4 s to import: only where it is used.
        from bot.sources.spotify.features import SpotifyFeatures
        from bot.sources.spotify.lookup import SpotifyLookup, SpotifySession

        spotify = SpotifySession(
            settings.spotify_client_id, settings.spotify_client_secret.get_secret_value()
        )
        catalogs.append(SpotifyLookup(spotify, settings.spotify_market))
        if settings.spotify_audio_features:
            providers.append(SpotifyFeatures(spotify))
    catalogs += [
        reccobeats.ReccoBeatsLookup(reccobeats_api),
        oembed.OEmbedLookup(oembed_api),
        embedded_songs.EmbeddedSongs(songs, forgiving=True),
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


def model_names(settings: Settings) -> list[str]:
    """List the models that can be served."""
    names = set(BundleStore(settings.models_dir).names())
    if settings.model_store:
        names |= set(BundleStore(settings.fetched_models).names())
    return sorted(names)


def _fetched(settings: Settings, name: str) -> Classifier | None:
    try:
        return OnnxClassifier(BundleStore(settings.fetched_models).load(name))
    except NoBundle:
        return None
    except BundleError as error:
        _log.warning(texts.model_passed_over(name, error))
        return None


def platforms(
    settings: Settings, names: Sequence[str], shards: Shards | None = None
) -> list[Platform]:
    """Build the platforms called `names`, else those whose secrets are set, else the local chat.

    Raises ConfigurationError when a secret is missing.
    """
    chosen = names or settings.configured or ("local",)
    return [_platform(name, settings, shards) for name in chosen]


def _platform(name: str, settings: Settings, shards: Shards | None) -> Platform:
    if name == "local":
        from bot.platforms.web.platform import WebPlatform

        return WebPlatform(settings.local_host, settings.local_port)
    if name == "discord":
        if settings.discord_token is None:
            raise ConfigurationError(texts.not_set("DISCORD_TOKEN", None))
        # discord.py takes 0.4 s to import: only where it is used.
        from bot.platforms.discord.platform import DiscordPlatform

        return DiscordPlatform(settings.discord_token.get_secret_value(), shards)
    return _slack(settings)


def _slack(settings: Settings) -> Platform:
    if "slack" not in settings.configured:
        raise ConfigurationError(texts.SLACK_NOT_SET)
    # slack_bolt takes 0.3 s to import: only where it is used.
    from bot.platforms.slack.credentials import Credentials
    from bot.platforms.slack.platform import SlackPlatform

    keys = secret(settings.slack_token_key)
    credentials = Credentials(
        bot_token=secret(settings.slack_bot_token),
        app_token=secret(settings.slack_app_token),
        signing_secret=secret(settings.slack_signing_secret),
        client_id=settings.slack_client_id,
        client_secret=secret(settings.slack_client_secret),
    )
    return SlackPlatform(
        credentials,
        host=settings.slack_host,
        port=settings.slack_port,
        vault=partial(open_vault, settings.database, keys.split(",")) if keys else None,
    )


async def run(
    settings: Settings, names: Sequence[str], ready: Ready, shards: Shards | None = None
) -> None:
    """Run platforms until SIGINT or SIGTERM; raises SoundslikeError when they cannot start.

    `ready` is called with one line for the operator by each platform that is up.
    """
    chosen = platforms(settings, names, shards)
    stop_on_signals()
    if risk := ephemeral_disk.warning(settings, os.environ):
        _log.warning(risk)
    async with (
        open_core(settings) as core,
        heartbeat(settings.health_file, len(chosen), ready) as told,
    ):
        # A search for garbage among all that was built to stay would stop the loop for 60 ms.
        gc.freeze()
        try:
            async with asyncio.TaskGroup() as group:
                for platform in chosen:
                    group.create_task(platform.run(core, told))
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
