"""Loads models when the bot starts, and for commands."""

import logging

from bot.runtime.model_source import ModelSource
from bot.runtime.settings import Settings
from bot.services.model_registry import LazyModelRegistry
from bot.texts import models as texts
from model.classifier import Classifier
from model.store import BundleStore

_log = logging.getLogger(__name__)


async def open_registry(
    settings: Settings, default: str | None = None, source: ModelSource | None = None
) -> LazyModelRegistry:
    """Fetch the default model from the model store, if one is set, and load it.

    Args:
        settings: The settings.
        default: Name of the default model instead of the configured one.
        source: Loads the models; it may be shared with a `ModelWatch`.

    Raises ModelUnusable.
    """
    name = default or settings.model
    if settings.model_store:
        if not settings.public_keys:
            _log.warning(texts.STORE_IS_TRUSTED)
        # fsspec takes 0.4 s to import.
        from bot.runtime.model_download import refresh

        own = BundleStore(settings.models_dir).versions(name)
        folder, keys = settings.fetched_models, settings.public_keys
        await refresh(settings.model_store, name, folder, keys, own=own)
    source = source or ModelSource(settings)
    return LazyModelRegistry(source.last(name), source.names, source.last)


def load_classifier(settings: Settings, name: str | None = None) -> Classifier:
    """Load a model as the bot does when it starts, the configured one by default.

    Nothing is fetched. A bundle of the data folder takes precedence over a shipped one, if it is
    signed where MODEL_PUBLIC_KEY asks for it. Raises ModelUnusable.
    """
    return ModelSource(settings).last(name or settings.model)
