"""Events of the versions in a model store: a file for each in `<name>/events/`, never changed.

Each is a file of its own, so that processes that write at the same time lose none, on object stores
either. A file's name begins with the event's time. The events' numbers are their order: the clocks
of processes differ, and may be wrong.
"""

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Final, Protocol

from model.errors import BundleInvalid
from model.lifecycle import MAX_NUMBER, Event

EVENTS: Final = "events"

MAX_EVENT_BYTES: Final = 1 << 18
"""Maximum size of an event that is read."""

Skipped = Callable[[str], object]
"""Callback with a sentence about what was skipped."""

Parts = tuple[str, ...]
"""Place of a file in the store: the names of its folders and its own."""


class EventFiles(Protocol):
    """The part of `store_files.StoreFiles` that is used."""

    @property
    def name(self) -> str:
        """Address of the store, without secrets."""

    def sizes(self, name: str) -> Mapping[Parts, int]:
        """Return the size in bytes of each file of a model, at least of its events."""

    def read_many(self, files: Collection[Parts]) -> Mapping[Parts, bytes]:
        """Return the contents of small files by place; missing and large ones are left out."""

    def write(self, content: bytes, *parts: str) -> None:
        """Write a small file."""


class EventLog:
    """The events in a model store; those that were read are kept in memory.

    Args:
        files: The store.
    """

    def __init__(self, files: EventFiles) -> None:
        self._files = files
        self._read: dict[Parts, Event] = {}

    def record(self, event: Event) -> Event:
        """Add an event after all of its model; return it with its number.

        Raises StoreUnavailable.
        """
        known = self.read(event.name, lambda _sentence: None)
        number = known[-1].number + 1 if known else 1
        event = replace(event, number=min(number, MAX_NUMBER))
        at = event.at.replace("-", "").replace(":", "").replace("+0000", "Z")
        file = f"{at}-{secrets.token_hex(4)}.json"
        self._files.write(event.to_json().encode(), event.name, EVENTS, file)
        return event

    def read(
        self, name: str, skipped: Skipped, sizes: Mapping[Parts, int] | None = None
    ) -> tuple[Event, ...]:
        """Return the events of a model in order.

        Args:
            name: The model's name.
            skipped: Callback; what is no event of this model is skipped.
            sizes: The store's files and their sizes, if they were listed already.

        Raises:
            StoreUnavailable: The store cannot be read.
        """
        listed = self._files.sizes(name) if sizes is None else sizes
        mine = sorted(parts for parts in listed if parts[:-1] == (name, EVENTS))
        unread = [parts for parts in mine if parts not in self._read]
        fit = [parts for parts in unread if 0 < listed[parts] <= MAX_EVENT_BYTES]
        contents = self._files.read_many(fit)
        for parts in unread:
            try:
                self._read[parts] = self._event(name, contents.get(parts))
            except BundleInvalid as error:
                skipped(f"{self._files.name}: {'/'.join(parts)} is skipped: {error}")
        known = [(self._read[parts], parts) for parts in mine if parts in self._read]
        # Those of equal numbers were recorded at once. Times of the same format compare as texts.
        known.sort(key=lambda one: (one[0].number, one[0].at, one[1]))
        return tuple(event for event, _ in known)

    def _event(self, name: str, content: bytes | None) -> Event:
        if content is None:
            raise BundleInvalid("it is empty or too large")
        try:
            event = Event.from_json(content.decode())
        except UnicodeDecodeError:
            raise BundleInvalid("it is not text") from None
        if event.name != name:
            raise BundleInvalid(f"it is of another model, {event.name}")
        return event
