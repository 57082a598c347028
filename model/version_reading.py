"""What a model store and the program have of each model: versions, events, and which is active."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from model import version_states
from model.bundle import REPORT, Lineage, Metadata
from model.bundle_files import METADATA, digest
from model.errors import BundleError, BundleInvalid, NoBundle, StoreUnavailable
from model.event_log import EVENTS, Parts, Skipped
from model.gate_report import GateReport
from model.lifecycle import MAX_WORD, Event, State, VersionEntry, clean
from model.metrics import Metrics
from model.remote import RemoteStore
from model.store import BundleStore
from model.store_files import MAX_TEXT_BYTES
from model.version_figures import figures
from model.version_folders import CURRENT

RESERVED: Final = frozenset({EVENTS, CURRENT})
"""Names in a model's folder that no version can have."""

Contents = Mapping[tuple[str, str], bytes]
"""Content of a version's file, by version and name."""


@dataclass(frozen=True, slots=True)
class ModelVersions:
    """What is known of a model at one time.

    Attributes:
        name: Its name.
        sizes: The files of the store and their sizes.
        shipped: Versions that came with the program.
        stored: Versions in the store.
        events: Its events, in order.
        active: The active version, as far as it can be found; None without one.
        problem: Why the store's pointer cannot be followed; None if it can.
    """

    name: str
    sizes: Mapping[Parts, int]
    shipped: tuple[str, ...]
    stored: tuple[str, ...]
    events: tuple[Event, ...]
    active: str | None
    problem: str | None

    @property
    def versions(self) -> list[str]:
        """All versions, oldest first: those from before the first event, then by their first."""
        added: dict[str, int] = {}
        for index in range(len(self.events) - 1, -1, -1):
            event = self.events[index]
            added[event.version] = -1 if event.state is State.RETIRED else index
        return sorted({*self.shipped, *self.stored}, key=lambda one: (added.get(one, -1), one))

    def check_known(self, version: str) -> None:
        """Raise NoBundle unless there is such a version."""
        if version not in self.versions:
            known = ", ".join(self.versions) or "none"
            said = clean(version, MAX_WORD)
            raise NoBundle(f"model {self.name!r} has no version {said!r}; there are: {known}")


class VersionReader:
    """Reads what a model store and the program have.

    Args:
        store: The model store.
        shipped: The bundles that came with the program.
        skipped: Callback with a sentence about what in the store is skipped because it is invalid.
    """

    def __init__(self, store: RemoteStore, shipped: BundleStore, skipped: Skipped) -> None:
        self._store = store
        self._shipped = shipped
        self._skipped = skipped

    def models(self, name: str | None = None) -> list[ModelVersions]:
        """Return what is known of all models, or of one; raises NoBundle if it is not known."""
        sizes = self._store.sizes(*([name] if name else []))
        shipped = {one for one in self._shipped.names() if name in (None, one)}
        names = shipped | {parts[0] for parts in sizes if _is_version(parts)}
        if name and not names:
            raise NoBundle(f"there is no model {clean(name, MAX_WORD)!r}")
        return [self._read(one, sizes) for one in sorted(names)]

    def model(self, name: str) -> ModelVersions:
        """Return what is known of a model; raises NoBundle if it is not known."""
        return self.models(name)[0]

    def entries(self, model: ModelVersions) -> list[VersionEntry]:
        """Return the versions of a model, oldest first."""
        contents = self._contents(model)
        found = (self._entry(model, version, contents) for version in model.versions)
        return [entry for entry in found if entry]

    def report(self, model: ModelVersions, version: str) -> GateReport | None:
        """Return the gate's report on a version; None without one.

        Raises BundleInvalid if it is damaged.
        """
        contents = self._contents(model, only=version)
        if (version, REPORT) not in contents:
            return None
        return _report(_metadata(model.name, version, contents), contents)

    def metadata(self, model: ModelVersions, version: str) -> Metadata:
        """Return the metadata of a version; raises BundleInvalid if they cannot be read."""
        return _metadata(model.name, version, self._contents(model, only=version))

    def lineages(self, model: ModelVersions) -> Callable[[str], Lineage | None]:
        """Return a function that reads the lineage of a version; None if it cannot be read."""

        def lineage(version: str) -> Lineage | None:
            with suppress(BundleInvalid):
                return self.metadata(model, version).lineage
            return None

        return lineage

    def _read(self, name: str, sizes: Mapping[Parts, int]) -> ModelVersions:
        stored = sorted(parts[1] for parts in sizes if parts[0] == name and _is_version(parts))
        shipped = self._shipped.versions(name)
        events = self._store.events(name, self._skipped, sizes)
        active, problem = None, None
        with suppress(NoBundle):
            active = self._shipped.current(name)
        if (name, CURRENT) in sizes:
            known = {*stored, *shipped}
            try:
                active = self._pointed(name, known, events)
            except StoreUnavailable:
                raise
            except BundleError as error:
                problem = str(error)
                active = version_states.last_active(events, known) or active
                self._skipped(problem)
        return ModelVersions(
            name, sizes, tuple(shipped), tuple(stored), events, active, problem
        )  # fmt: skip

    def _pointed(self, name: str, known: set[str], events: tuple[Event, ...]) -> str:
        """Return the version that the pointer names; raises BundleInvalid if it is none."""
        version = self._store.current(name)
        if version not in known:
            raise BundleInvalid(
                f"{self._store.name}: the pointer of model {name!r} names {version}, which is not "
                "there"
            )
        version_states.check_pointer(self._store.name, name, version, events)
        return version

    def _contents(self, model: ModelVersions, only: str | None = None) -> Contents:
        """Return the metadata and reports of all versions, or of one."""
        wanted = [one for one in model.versions if only in (None, one)]
        places = [
            (model.name, version, file)
            for version in wanted
            if version not in model.shipped
            for file in (METADATA, REPORT)
            if 0 < model.sizes.get((model.name, version, file), 0) <= MAX_TEXT_BYTES
        ]
        found = {parts[1:]: content for parts, content in self._store.read_many(places).items()}
        contents = {(version, file): content for (version, file), content in found.items()}
        for version in (one for one in wanted if one in model.shipped):
            for file in (METADATA, REPORT):
                with suppress(OSError):
                    path = self._shipped.folder(model.name) / version / file
                    contents[version, file] = path.read_bytes()
        return contents

    def _entry(self, model: ModelVersions, version: str, contents: Contents) -> VersionEntry | None:
        """Return a version; None if the store has another model in its place."""
        metrics, parent, report = Metrics(), None, None
        try:
            metadata = _metadata(model.name, version, contents)
            metrics = metadata.metrics
            parent = metadata.lineage.parent if metadata.lineage else None
            report = _report(metadata, contents)
        except BundleInvalid as error:
            self._skipped(f"{self._store.name}: {model.name} {version}: {error}")
            if isinstance(error, _OtherModel):
                return None
        state, event = version_states.state_of(version, model.active or "", model.events)
        return VersionEntry(
            model.name,
            version,
            state,
            parent,
            figures(metrics, report),
            event.at if event else None,
            event.by if event else None,
            event.reasons if event else (),
            version in model.shipped,
        )


class _OtherModel(BundleInvalid):
    """The metadata are those of another model or version."""


def _metadata(name: str, version: str, contents: Contents) -> Metadata:
    """Return the metadata of a version; raises BundleInvalid if they cannot be read."""
    content = contents.get((version, METADATA))
    if content is None:
        raise BundleInvalid(f"{METADATA} is empty or too large")
    try:
        metadata = Metadata.from_json(content.decode())
    except UnicodeDecodeError as error:
        raise BundleInvalid(f"{METADATA} is not text") from error
    if (metadata.name, metadata.version) != (name, version):
        raise _OtherModel("another model is kept in its place")
    return metadata


def _report(metadata: Metadata, contents: Contents) -> GateReport | None:
    """Return the gate's report on a version; None without one.

    Raises BundleInvalid if it is not the one that was saved with the version.
    """
    content = contents.get((metadata.version, REPORT))
    if content is None:
        return None
    if (metadata.files or {}).get(REPORT) != digest(content):
        raise BundleInvalid(f"{REPORT} of {metadata.name} {metadata.version} is damaged")
    return GateReport.from_json(content.decode(errors="replace"))


def _is_version(parts: Parts) -> bool:
    return parts[2:] == (METADATA,) and parts[1] not in RESERVED
