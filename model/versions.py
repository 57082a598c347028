"""Versions of the models in a model store: their states, and the moves between these.

Bots serve the version that the store's pointer names, else the bundle that came with the program.
A promotion checks the bundle, records its event and moves the pointer, in this order, so that a
failure leaves the active version as it is (see `model.version_states`).
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from model import bundle_files, version_pruning, version_states
from model.bundle import Bundle, Metadata
from model.errors import (
    ActiveChanged,
    BundleInvalid,
    MoveRefused,
    NoBundle,
    SignatureInvalid,
    StoreUnavailable,
)
from model.event_log import Skipped
from model.gate_report import GateReport
from model.lifecycle import MAX_REASONS, MAX_WORD, Event, State, VersionEntry, clean, time_text
from model.remote import RemoteStore, ignore, no_progress
from model.signature import Signer
from model.store import BundleStore
from model.store_files import Progress
from model.version_folders import SAFE_NAME
from model.version_reading import RESERVED, ModelVersions, VersionReader
from model.version_states import ROLLBACK


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


class Versions:
    """The versions of all models of a store and of the program.

    Every method raises StoreUnavailable if the store cannot be reached, read or written.

    Args:
        store: The model store.
        shipped: The bundles that came with the program.
        signer: Signs bundles that are added or promoted; they are not signed without it.
        now: Clock; returns an aware datetime. The order of events does not depend on it.
        skipped: Callback with a sentence about what in the store is skipped because it is invalid.
    """

    def __init__(
        self,
        store: RemoteStore,
        shipped: BundleStore,
        signer: Signer | None = None,
        now: Callable[[], datetime] = utc_now,
        skipped: Skipped = ignore,
    ) -> None:
        self._store = store
        self._shipped = shipped
        self._signer = signer
        self._now = now
        self._skipped = skipped
        self._reader = VersionReader(store, shipped, skipped)

    def entries(self, name: str | None = None) -> tuple[VersionEntry, ...]:
        """Return all versions of a model, by default of all models, oldest first within a name.

        At most one of each model is active. Bundles that this program cannot serve are listed, too.
        Raises NoBundle if no model has that name.
        """
        models = self._reader.models(name)
        return tuple(entry for model in models for entry in self._reader.entries(model))

    def find(self, version: str, name: str | None = None) -> VersionEntry:
        """Return a version; raises NoBundle if there is none, or if two models have it."""
        found = [entry for entry in self.entries(name) if entry.version == version]
        if not found:
            of_model = f" of model {name}" if name else ""
            raise NoBundle(f"there is no version {clean(version, MAX_WORD)!r}{of_model}")
        if len(found) > 1:
            names = " and ".join(entry.name for entry in found)
            raise NoBundle(f"{names} both have a version {version!r}: name the model")
        return found[0]

    def active(self, name: str) -> str:
        """Return the active version of a model.

        Raises NoBundle if there is no such model or none of its versions is active, and
        BundleInvalid if the store's pointer names a version that is not there, or that no event
        made active.
        """
        model = self._reader.model(name)
        if model.problem:
            raise BundleInvalid(model.problem)
        if model.active is None:
            raise NoBundle(f"no version of model {name!r} is active")
        return model.active

    def states(self, name: str) -> dict[str, State]:
        """Return the state of each version of a model, oldest first.

        Of the store, it reads the list of files, the pointer and events that are new to it.
        """
        model = self._reader.model(name)
        return {
            version: version_states.state_of(version, model.active or "", model.events)[0]
            for version in model.versions
        }

    def history(self, name: str, version: str | None = None) -> tuple[Event, ...]:
        """Return the events of a model in order, or those of one version."""
        events = self._store.events(name, self._skipped)
        return tuple(event for event in events if version in (None, event.version))

    def report(self, name: str, version: str) -> GateReport | None:
        """Return the gate's report on a version; None without one.

        Raises NoBundle if there is no such version, BundleInvalid if the report is damaged.
        """
        model = self._reader.model(name)
        model.check_known(version)
        return self._reader.report(model, version)

    def metadata(self, name: str, version: str) -> Metadata:
        """Return the metadata of a version, whose files are not looked at.

        Raises NoBundle if there is no such version, BundleInvalid if they cannot be read.
        """
        model = self._reader.model(name)
        model.check_known(version)
        return self._reader.metadata(model, version)

    def bundle(self, name: str, version: str) -> Bundle:
        """Return a version, checked as bots check it; raises BundleError."""
        if version in self._shipped.versions(name):
            return self._shipped.load(name, version)
        return self._store.load(name, version)[0]

    def upload(
        self, name: str, version: str, root: Path, progress: Progress = no_progress
    ) -> Metadata:
        """Put a version from the local store `root` into the store, signed if there is a signer.

        Raises BundleError if the local bundle is damaged.
        """
        if not SAFE_NAME.fullmatch(version) or version in RESERVED:
            raise MoveRefused(f"{clean(version, MAX_WORD)!r} cannot be the name of a version")
        return self._store.save(name, version, root, progress, self._signer)

    def add_candidate(
        self, name: str, version: str, root: Path, by: str, reasons: Sequence[str] = ()
    ) -> None:
        """Put a version from the local store `root` into the store as a candidate.

        Raises MoveRefused if the version is there already, BundleError if the bundle is damaged.
        One that was deleted, or whose upload was not recorded, may be added again.
        """
        stored = version in self._store.versions(name) and self.history(name, version)
        if stored or version in self._shipped.versions(name):
            raise MoveRefused(f"{name} {version} is there already")
        self.upload(name, version, root)
        self._record(name, version, State.CANDIDATE, by, reasons)

    def promote(
        self, name: str, version: str, by: str, reasons: Sequence[str] = (), *, expected: str = ""
    ) -> Event:
        """Make a version the active one, if given instead of version `expected`; return the event.

        The bundle is checked as bots check it. A version that came with the program is put into the
        store first. With keys or a signer, the version is signed anew if another one was signed
        later, as bots refuse what was signed before the latest they have seen.

        Raises:
            NoBundle: There is no such version.
            ActiveChanged: Another version than `expected` is active. Stores have no locks: of two
                promotions at the same moment, the later one may not see the other.
            BundleInvalid: A file of it is damaged, or it cannot be loaded.
            SchemaMismatch: It was trained on features that this program does not know.
            SignatureInvalid: Bots with the store's keys would refuse it.
        """
        model = self._reader.model(name)
        model.check_known(version)
        self._check_signer()
        content, own = self._checked(model, version)
        model = self._reader.model(name)  # anew, as the checks may take long
        if expected and model.active != expected:
            raise ActiveChanged(f"{name} {model.active} is active, and no longer {expected}")
        if self._must_sign(name, version, own=own) and self._signer:
            self._store.sign(name, version, content, self._signer)
        replaced = None if version == model.active else model.active
        event = self._record(name, version, State.ACTIVE, by, reasons, replaced=replaced)
        self._store.promote(name, version)
        if replaced:
            # The pointer has moved: this event is for the log alone.
            with suppress(StoreUnavailable):
                self._record(name, replaced, State.RETIRED, by, (f"{version} replaced it",))
        version_pruning.prune(self._store, self._reader, name)
        return event

    def reject(self, name: str, version: str, by: str, reasons: Sequence[str]) -> None:
        """Reject a version; raises NoBundle if there is none, MoveRefused if it is active."""
        model = self._reader.model(name)
        model.check_known(version)
        if version == model.active:
            raise MoveRefused(f"{name} {version} is active: roll back first")
        self._record(name, version, State.REJECTED, by, reasons)
        version_pruning.prune(self._store, self._reader, name)

    def rollback(self, name: str, by: str = ROLLBACK, reasons: Sequence[str] = ()) -> Event:
        """Make the version active that was so before; return the event.

        It is the one before the active version by the events, else the one that came with the
        program. `by` is ROLLBACK, by which the next rollback knows that the version left is not to
        be returned to. Raises NoBundle if there is nothing to go back to, else as `promote` does.
        """
        model = self._reader.model(name)
        target = version_states.before(model.active or "", model.events, model.versions)
        if target is None:
            with suppress(NoBundle):
                target = self._shipped.current(name)
        if target is None or target == model.active:
            raise NoBundle(f"no version of model {name!r} was active before {model.active}")
        return self.promote(name, target, by, reasons)

    def _checked(self, model: ModelVersions, version: str) -> tuple[bytes, bool]:
        """Check a version in the store; return its metadata, and whether the program has the same.

        One that came with the program is put into the store unless it is there, undamaged.
        """
        name = model.name
        if version not in model.shipped:
            return self._store.load(name, version, keys=())[1], False
        own = bundle_files.read_metadata(self._shipped.folder(name) / version)
        with suppress(NoBundle, BundleInvalid):
            content = self._store.load(name, version, keys=())[1]
            if content == own:
                return content, True
        if self._store.keys and not self._signer:
            raise SignatureInvalid(
                f"{name} {version} is not signed, so bots with MODEL_PUBLIC_KEY would refuse it: "
                "set MODEL_SIGNING_KEY to sign it"
            )
        self.upload(name, version, self._shipped.folder(name).parent)
        return own, True

    def _check_signer(self) -> None:
        """Raise SignatureInvalid if the signer's key is none of those that bots accept."""
        if self._signer and self._store.keys and self._signer.public_key not in self._store.keys:
            raise SignatureInvalid("MODEL_SIGNING_KEY belongs to no key in MODEL_PUBLIC_KEY")

    def _must_sign(self, name: str, version: str, *, own: bool) -> bool:
        """Return whether a version is to be signed anew.

        What the store has is signed anew only if it was signed before: else a store that was taken
        over could have anything signed. Raises SignatureInvalid if bots would refuse the version.
        """
        keys = self._store.keys or ((self._signer.public_key,) if self._signer else ())
        if not keys:
            return False
        try:
            found = self._store.verify(name, version, keys)
        except SignatureInvalid:
            if not (own and self._signer):
                raise
            return True
        last = self._store.last_signed(name, keys)
        if last is None or found.signed_at >= last.signed_at:
            return False
        if self._signer is None:
            raise SignatureInvalid(
                f"{name} {version} was signed on {found.date}, before {last.version} on "
                f"{last.date}, so bots would refuse it: set MODEL_SIGNING_KEY to sign it anew"
            )
        return True

    def _record(
        self,
        name: str,
        version: str,
        state: State,
        by: str,
        reasons: Sequence[str],
        *,
        replaced: str | None = None,
    ) -> Event:
        """Record an event after all of its model; return it."""
        at = time_text(self._now())
        said = tuple(filter(None, map(clean, reasons[:MAX_REASONS])))
        event = Event(name, version, state, at, clean(by, MAX_WORD), said, replaced)
        return self._store.record(event)
