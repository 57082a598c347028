"""The state of each version of a model, from its events and the store's pointer.

The pointer says which version is active. A promotion records its event first and moves the pointer
then, so an event that made a version active may have been followed by a failure. It was
completed if the pointer names the version, or a later promotion replaced it.
"""

from collections.abc import Collection, Sequence
from typing import Final

from model.errors import BundleInvalid
from model.lifecycle import Event, State

ROLLBACK: Final = "rollback"
"""What events of a rollback have as `by`."""


def made_active(events: Sequence[Event]) -> frozenset[str]:
    """Return the versions that were active according to the events."""
    moves = [event for event in events if event.state is State.ACTIVE]
    return frozenset(
        {event.version for event in moves} | {event.replaced for event in moves if event.replaced}
    )


def check_pointer(store: str, name: str, version: str, events: Sequence[Event]) -> None:
    """Raise BundleInvalid if no event made the version active that a pointer names.

    A store without events of promotions was published by an earlier version of the program.
    """
    moved = made_active(events)
    if moved and version not in moved:
        raise BundleInvalid(
            f"{store}: the pointer of model {name!r} names {version}, which no event made active"
        )


def last_active(events: Sequence[Event], known: Collection[str]) -> str | None:
    """Return the version that the last promotion of a known one made active; None without."""
    moves = (event.version for event in reversed(events) if event.state is State.ACTIVE)
    return next((version for version in moves if version in known), None)


def state_of(version: str, active: str, events: Sequence[Event]) -> tuple[State, Event | None]:
    """Return the state of a version, and the event that gave it this state, if any.

    A version without events that is not active counts as retired.

    Args:
        version: The version.
        active: The active version of its model.
        events: The events of its model, in order.
    """
    if version == active:
        moves = (event for event in reversed(events) if event.state is State.ACTIVE)
        return State.ACTIVE, next((event for event in moves if event.version == version), None)
    for index in range(len(events) - 1, -1, -1):
        event = events[index]
        if event.version != version:
            continue
        if event.state is not State.ACTIVE:
            return event.state, event
        if _replaced(version, events[index + 1 :]):
            return State.RETIRED, event
    return State.RETIRED, None


def before(active: str, events: Sequence[Event], known: Collection[str]) -> str | None:
    """Return the version to go back to from the active one; None if there is none.

    Versions that were left by a rollback, rejected ones, and those that are not known any more are
    not returned to.
    """
    for version in reversed(_path(active, events)):
        is_rejected = state_of(version, active, events)[0] is State.REJECTED
        if version != active and version in known and not is_rejected:
            return version
    return None


def _path(active: str, events: Sequence[Event]) -> list[str]:
    """Return the versions that were active one after another, without what was rolled back."""
    path: list[str] = []
    for event in events:
        if event.state is not State.ACTIVE:
            continue
        if event.replaced:
            _cut(path, event.replaced)
        if event.by == ROLLBACK:
            path = path[:-1]
            path = path if event.version in path else []
            _cut(path, event.version)
        elif path[-1:] != [event.version]:
            path.append(event.version)
    _cut(path, active)
    return path


def _cut(path: list[str], version: str) -> None:
    """End a path at the last place of a version; append it if it has none."""
    while version in path and path[-1] != version:
        path.pop()
    if path[-1:] != [version]:
        path.append(version)


def _replaced(version: str, later: Sequence[Event]) -> bool:
    """Return whether the next promotion of another version replaced this one."""
    moves = (event for event in later if event.state is State.ACTIVE and event.version != version)
    following = next(moves, None)
    return following is not None and following.replaced == version
