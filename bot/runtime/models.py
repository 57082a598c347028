"""Loads models from the shipped bundles and from those fetched from a model store."""

import logging
from functools import partial

from bot import texts
from bot.domain.errors import ModelUnusable
from bot.domain.ports import Classifier
from bot.runtime.settings import Settings
from bot.services.model_registry import LazyModelRegistry
from model.classifier import Classifier as OnnxClassifier
from model.errors import BundleError, NoBundle
from model.priors import DEFAULT_PRIOR
from model.store import BundleStore

_log = logging.getLogger(__name__)


async def open_registry(settings: Settings, default: str | None = None) -> LazyModelRegistry:
    """Fetch the default model from the model store, if one is set, and load it.

    Raises ModelUnusable.
    """
    name = default or settings.model
    if settings.model_store and not settings.public_keys:
        _log.warning(texts.STORE_IS_TRUSTED)
    await _fetch(settings, name)
    load = _Loader(settings)
    return LazyModelRegistry(load(name), partial(model_names, settings), load)


class _Loader:
    """Loads models by name, and logs once of each that it has no priors where one is set."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._warned: set[str] = set()

    def __call__(self, name: str) -> Classifier:
        classifier = load_classifier(self._settings, name)
        prior = self._settings.genre_prior
        if classifier.prior is None and prior != DEFAULT_PRIOR and name not in self._warned:
            self._warned.add(name)
            _log.warning(texts.prior_unused(name, prior))
        return classifier


async def reload(settings: Settings, models: LazyModelRegistry) -> None:
    """Fetch the default model from the model store, if one is set, and reload all models.

    Raises ModelUnusable; the models in use then stay.
    """
    await _fetch(settings, (await models.get()).name)
    await models.reload()


def load_classifier(settings: Settings, name: str | None = None) -> OnnxClassifier:
    """Load the promoted bundle of a model, the configured one by default.

    A bundle fetched from the model store takes precedence over a shipped one, if it is signed where
    MODEL_PUBLIC_KEY asks for it. Raises ModelUnusable.
    """
    name = name or settings.model
    try:
        if settings.model_store and (fetched := _load_fetched(settings, name)):
            return fetched
        return OnnxClassifier(BundleStore(settings.models_dir).load(name), settings.genre_prior)
    except BundleError as error:
        raise ModelUnusable(str(error)) from error


def model_names(settings: Settings) -> list[str]:
    """Return the names of the models that can be loaded, sorted."""
    names = set(BundleStore(settings.models_dir).names())
    if settings.model_store:
        names |= set(BundleStore(settings.fetched_models).names())
    return sorted(names)


async def _fetch(settings: Settings, name: str) -> None:
    if settings.model_store:
        # fsspec takes 0.4 s to import.
        from bot.runtime.model_download import refresh

        keys = settings.public_keys
        await refresh(settings.model_store, name, settings.fetched_models, keys)


def _load_fetched(settings: Settings, name: str) -> OnnxClassifier | None:
    store = BundleStore(settings.fetched_models, settings.public_keys)
    try:
        return OnnxClassifier(store.load(name), settings.genre_prior)
    except NoBundle:
        return None
    except BundleError as error:
        _log.warning(texts.model_copy_rejected(name, error))
        return None
