"""Builds what watches the model store while the bot runs."""

import logging
from functools import partial

from bot.runtime.model_source import ModelSource
from bot.runtime.model_watch import ModelWatch
from bot.runtime.settings import Settings
from bot.runtime.shadow_watch import ShadowWatch, Versions
from bot.services.model_registry import LazyModelRegistry
from bot.services.shadow import ShadowService
from bot.storage.stores import Stores, utc_now
from bot.texts import shadow as texts

_log = logging.getLogger(__name__)


def watch(
    settings: Settings,
    source: ModelSource,
    models: LazyModelRegistry,
    stores: Stores,
    shadow: ShadowService,
) -> ModelWatch:
    """Return the watch of the models; with SHADOW_HOURS, it also follows candidates."""
    follower = None
    if settings.shadow_hours:
        if not settings.model_check_seconds:
            _log.warning("%s", texts.NOT_WATCHED)
        follower = ShadowWatch(
            settings.shadow_hours,
            partial(_versions, settings),
            source=source,
            service=shadow,
            answers=stores.shadow_answers,
            leases=stores.leases,
            now=utc_now,
        )
    return ModelWatch(settings, models, stores.served_models, source=source, follower=follower)


def _versions(settings: Settings) -> Versions:
    # fsspec takes 0.4 s to import.
    from bot.runtime.model_versions import open_versions

    return open_versions(settings)
