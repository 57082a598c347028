"""Which versions a model store does not need any more; their events stay."""

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from model import version_states
from model.bundle import Lineage
from model.errors import BundleError
from model.lifecycle import State
from model.remote import RemoteStore
from model.version_reading import RESERVED, ModelVersions, VersionReader

KEPT: Final = 10
"""Number of rejected and retired versions of a model that are kept, the last ones."""

ENDED: Final = frozenset({State.REJECTED, State.RETIRED})


def prune(store: RemoteStore, reader: VersionReader, name: str) -> None:
    """Delete the files of versions that a store does not need any more, as far as possible."""
    with suppress(BundleError):
        model = reader.model(name)
        for version in removable(model, reader.lineages(model)):
            store.delete(name, version)


def removable(model: ModelVersions, lineage: Callable[[str], Lineage | None]) -> list[str]:
    """Return the versions whose files are not needed any more, those that ended first first.

    The last KEPT rejected and retired ones are kept, and of older ones the parent of the active
    version, what a rollback returns to, and versions that a kept one is based on. Versions without
    an event are kept: they may have been uploaded by another process just now.

    Args:
        model: What the store has.
        lineage: Returns the lineage of a version; None without one, or if it cannot be read.
    """
    last = {event.version: index for index, event in enumerate(model.events)}
    active = model.active or ""
    # A folder without metadata is the rest of a deletion that was cut off.
    folders = {folder for name, folder, *file in model.sizes if name == model.name and file}
    moved = (folders & last.keys()) - {*model.shipped, active, *RESERVED}
    ended = [
        version
        for version in sorted(moved, key=last.__getitem__)
        if version_states.state_of(version, active, model.events)[0] in ENDED
    ]
    if not (old := ended[:-KEPT]):
        return []
    kept = {*model.versions} - {*old}
    lineages = {version: lineage(version) for version in kept}
    needed = {one.base for one in lineages.values() if one}
    needed.add(version_states.before(active, model.events, model.versions) or "")
    if parents := lineages.get(active):
        needed.add(parents.parent)
    return [version for version in old if version not in needed]
