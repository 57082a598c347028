"""The models that are to be served, by the pointers of the model store and of the shipped bundles.

Without MODEL_STORE, the folder of models in the data folder is the store. With it, that folder has
copies of the bundles that were fetched, and its pointer names the last one that was served. A
version that is shipped is never read from a store: the shipped bundle is used. A store's pointer is
followed only if one of its events made that version active, as `model.versions` does.
"""

import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from bot.domain.errors import ModelUnusable
from bot.runtime import self_test
from bot.runtime.settings import Settings
from bot.texts import models as texts
from model import version_states
from model.bundle import Bundle
from model.classifier import Classifier
from model.errors import BundleError, BundleInvalid, NoBundle, StoreUnavailable
from model.folder_events import read_events
from model.priors import DEFAULT_PRIOR
from model.store import BundleStore

if TYPE_CHECKING:
    from model.remote import RemoteStore

KEPT_COPIES: Final = 3
"""Copies of a model's versions that are kept beside the current one, those fetched last."""

_log = logging.getLogger(__name__)


class ModelSource:
    """Finds and loads models. Methods block: the event loop calls them in a thread.

    Args:
        settings: The settings.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._shipped = BundleStore(settings.models_dir)
        self._local = BundleStore(settings.fetched_models, settings.public_keys)
        self._remote: RemoteStore | None = None
        self._warned: set[str] = set()
        self._followed: set[tuple[str, str]] = set()

    def names(self) -> Sequence[str]:
        """Return the names of the models that can be loaded, sorted."""
        return sorted({*self._shipped.names(), *self._local.names()})

    def wanted(self, name: str) -> str:
        """Return the version of a model that is to be served.

        It is the one that the store's pointer names; without a pointer, the last one that was
        served, else the shipped one. Raises BundleError.
        """
        if self._settings.model_store:
            try:
                return self._connected().served(name)
            except NoBundle:
                pass
            except StoreUnavailable:
                self._remote = None  # what it found of the way there may be outdated
                raise
        return self._pointed(name)

    def load(self, name: str, version: str) -> Classifier:
        """Return a version of a model that passed its test, after fetching it if need be.

        The copy of a version from MODEL_STORE becomes the current one then.

        Raises:
            BundleError: It cannot be fetched, or is not what it should be.
            ModelUnusable: It failed its test.
            OSError: The data folder cannot be written.
        """
        if self._is_shipped(name, version):
            classifier = self._shipped_model(name, version)
            self._remember(name, version)
            return classifier
        if self._settings.model_store:
            self._fetch(name, version)
        classifier = self._tested(name, version)
        self._remember(name, version)
        self._delete_copies(name, version)
        return classifier

    def candidate(self, name: str, version: str) -> Classifier:
        """Return a version as `load` does, without making its copy the current one."""
        if self._is_shipped(name, version):
            return self._shipped_model(name, version)
        if self._settings.model_store and version not in self._local.versions(name):
            self._fetch(name, version)
        classifier = self._tested(name, version)
        self._delete_copies(name, version)
        return classifier

    def last(self, name: str) -> Classifier:
        """Return the version that was served last, else the shipped one; nothing is fetched.

        If the pointer cannot be followed, it is the last version that an event made active. If that
        version cannot be used either, it is the shipped one. Log lines say why. Raises
        ModelUnusable.
        """
        try:
            version = self._pointed_or_active(name)
            if not self._is_shipped(name, version):
                try:
                    return self._tested(name, version)
                except (BundleError, ModelUnusable) as error:
                    _log.warning(texts.model_copy_rejected(name, error))
            return self._shipped_model(name)
        except BundleError as error:
            raise ModelUnusable(str(error)) from error

    def _connected(self) -> "RemoteStore":
        # fsspec takes 0.4 s to import, and an S3 client 0.1 s to create.
        from model.remote import RemoteStore

        if self._remote is None:
            store = str(self._settings.model_store)
            self._remote = RemoteStore(store, self._settings.public_keys)
        return self._remote

    def _pointed(self, name: str) -> str:
        try:
            version = self._local.current(name)
        except NoBundle:
            return self._shipped.current(name)
        if not self._settings.model_store and (name, version) not in self._followed:
            events = read_events(self._settings.fetched_models, name)
            version_states.check_pointer(self._settings.store, name, version, events)
            self._followed.add((name, version))  # events are not deleted
        return version

    def _pointed_or_active(self, name: str) -> str:
        """Return the version of the pointer, or if that is invalid, the last one by the events."""
        try:
            return self._pointed(name)
        except BundleInvalid as error:
            known = {*self._local.versions(name), *self._shipped.versions(name)}
            events = read_events(self._settings.fetched_models, name)
            version = version_states.last_active(events, known) or self._shipped.current(name)
            _log.warning(texts.pointer_rejected(name, error, version))
            return version

    def _is_shipped(self, name: str, version: str) -> bool:
        return version in self._shipped.versions(name)

    def _fetch(self, name: str, version: str) -> None:
        # fsspec takes 0.4 s to import.
        from bot.runtime.model_download import download, has

        if has(self._local, name, version):
            return  # any other one is fetched, as that checks when it was signed
        try:
            download(self._connected(), name, version, self._settings.fetched_models)
        except StoreUnavailable:
            self._remote = None
            raise

    def _tested(self, name: str, version: str) -> Classifier:
        bundle = self._local.load(name, version)
        if (bundle.metadata.name, bundle.metadata.version) != (name, version):
            raise BundleInvalid(texts.another_model(name, version))
        classifier = self._classifier(bundle)
        self_test.check(classifier)
        return classifier

    def _shipped_model(self, name: str, version: str | None = None) -> Classifier:
        return self._classifier(self._shipped.load(name, version))

    def _remember(self, name: str, version: str) -> None:
        """Point to the copy of a version that is served, so that it is served after a restart."""
        if not self._settings.model_store:
            return  # that pointer is the store's own
        try:
            if self._local.current(name) == version:
                return
        except NoBundle:
            if self._is_shipped(name, version):
                return  # without a pointer it is served anyway
        except BundleError:
            pass
        self._local.point(name, version)

    def _delete_copies(self, name: str, version: str) -> None:
        """Delete copies of the versions in MODEL_STORE that are not needed, as far as possible.

        Kept are the version, the current one, the one that was signed last, by which older ones are
        recognised, those that were fetched last, and those with events: the folder was the store
        before.
        """
        if not self._settings.model_store:
            return  # the folder is the store, not a copy
        kept = {version}
        with suppress(BundleError):
            kept.add(self._local.current(name))
        if signed := self._local.last_signed(name):
            kept.add(signed.version)
        with suppress(OSError, StoreUnavailable):
            if not (old := set(self._local.newest(name)[KEPT_COPIES + 1 :]) - kept):
                return
            events = read_events(self._settings.fetched_models, name)
            for one in sorted(old - {event.version for event in events}):
                self._local.remove(name, one)

    def _classifier(self, bundle: Bundle) -> Classifier:
        prior = self._settings.genre_prior
        classifier = Classifier(bundle, prior)
        name = classifier.name
        if classifier.prior is None and prior != DEFAULT_PRIOR and name not in self._warned:
            self._warned.add(name)
            _log.warning(texts.prior_unused(name, prior))
        return classifier
