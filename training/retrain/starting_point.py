"""The version that a retraining starts from, and versions that were made of the same before."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from model.bundle import Bundle, Lineage, Metadata
from model.errors import BundleError, StoreUnavailable
from model.lifecycle import State
from model.remote import RemoteStore, no_progress
from model.signature import Signer
from model.store import BundleStore
from model.versions import Versions
from training.deployment import Deployment
from training.retrain import rehearsal
from training.retrain.rehearsal import Rehearsal


@dataclass(frozen=True, slots=True)
class Store:
    """The model store of a deployment, and the versions in it."""

    remote: RemoteStore
    shipped: BundleStore
    versions: Versions

    @classmethod
    def of(cls, deployment: Deployment) -> "Store":
        """Open the store; raises StoreUnavailable, KeyUnusable."""
        remote = RemoteStore(deployment.store, deployment.public_keys)
        shipped = BundleStore(deployment.shipped)
        signer = Signer.from_file(deployment.signing_key) if deployment.signing_key else None
        return cls(remote, shipped, Versions(remote, shipped, signer))


@dataclass(frozen=True, slots=True)
class StartingPoint:
    """A bundle with its feature distributions."""

    bundle: Bundle
    rehearsal: Rehearsal


@dataclass(frozen=True, slots=True)
class Earlier:
    """A version that was made from the same, its state, and the reasons of that."""

    version: str
    state: State
    reasons: tuple[str, ...]


def base_of(metadata: Metadata) -> str:
    """Return the latest version in an ancestry that no correction was trained into; "" if none."""
    return metadata.lineage.base if metadata.lineage else metadata.version


def load(store: Store, name: str, version: str) -> StartingPoint:
    """Read a version with its feature distributions.

    Raises:
        BundleError: It is not there or damaged, or the store cannot be used.
        CannotRetrain: It has no feature distributions.
    """
    with _folder(store, name, version) as (bundle, folder):
        return StartingPoint(bundle, rehearsal.read(folder, bundle.metadata))


def earlier(store: Store, name: str, active: str, lineage: Lineage) -> Earlier | None:
    """Return a version that was trained in the same way; None if there is none.

    It is the active one, or one that was compared with the active one. A version of the store
    without an event does not count: its retraining was killed after the upload, and the next one
    records it.
    """
    recorded = {event.version for event in store.versions.history(name)}
    for entry in store.versions.entries(name):
        if active not in (entry.version, entry.parent):
            continue
        if not (entry.shipped or entry.version in recorded):
            continue
        try:
            found = store.versions.metadata(name, entry.version).lineage
        except StoreUnavailable:
            raise
        except BundleError:  # a damaged version is no reason to train nothing
            continue
        if found and _same(found, lineage):
            return Earlier(entry.version, entry.state, entry.reasons)
    return None


def _same(one: Lineage, other: Lineage) -> bool:
    return all(
        getattr(one, name) == getattr(other, name)
        for name in ("data_sha256", "code_version", "seed", "base")
    )


@contextmanager
def _folder(store: Store, name: str, version: str) -> Iterator[tuple[Bundle, Path]]:
    """Yield a version and the folder of its files, which is temporary for one of the store."""
    if version in store.shipped.versions(name):
        yield store.shipped.load(name, version), store.shipped.folder(name) / version
        return
    with TemporaryDirectory(prefix="soundslike-") as scratch:
        root = Path(scratch)
        store.remote.fetch(name, version, root, no_progress)
        local = BundleStore(root, store.remote.keys)
        yield local.load(name, version), local.folder(name) / version
