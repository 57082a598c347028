"""States of a model's versions, and the events that move them.

A version is a *candidate* when it is saved, *active* when bots are to serve it, *rejected* when the
gate or people refused it, and *retired* when another one became active. The events of all versions
are kept in the model store and make its audit log. The state of a version is that of its last
event.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import MAXYEAR, UTC, datetime
from enum import StrEnum
from typing import Any, Final

from model.errors import BundleInvalid
from model.version_folders import SAFE_NAME

EXIT_REJECTED: Final = 3
EXIT_BUSY: Final = 75
"""Exit codes of commands whose new version was rejected, and while another retraining runs."""

MAX_WORD: Final = 100
MAX_REASON: Final = 1000
MAX_REASONS: Final = 100
"""Maximum length of who moved a version and of a reason, and maximum number of reasons."""

MAX_NUMBER: Final = 1 << 53
"""Largest number of an event."""


class State(StrEnum):
    """State of a version."""

    CANDIDATE = "candidate"
    ACTIVE = "active"
    REJECTED = "rejected"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Event:
    """A change of a version's state.

    Attributes:
        name: Name of the model.
        version: The version.
        state: The state after the event.
        at: Time in UTC, in ISO 8601 with microseconds: `2026-01-31T14:05:00.000000+00:00`.
        by: Who or what moved it: `retrain`, `promote`, `rollback`, `shadow` or `publish`.
        reasons: Why, as sentences.
        replaced: The version that was active before, for an event that made one active.
        number: Place among the events of its model, 0 to MAX_NUMBER; those recorded at once may
            share one. Times are no order, as clocks may be wrong.
    """

    name: str
    version: str
    state: State
    at: str
    by: str
    reasons: tuple[str, ...] = ()
    replaced: str | None = None
    number: int = 0

    def to_json(self) -> str:
        """Return the event as JSON."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Event":
        """Read an event; fields that are not known are ignored. BundleInvalid if `text` is none."""
        try:
            fields: dict[str, Any] = json.loads(text)
            event = cls(
                fields["name"],
                fields["version"],
                State(fields["state"]),
                fields["at"],
                fields["by"],
                tuple(fields.get("reasons", ())),
                fields.get("replaced"),
                fields.get("number", 0),
            )
            problem = _problem(event)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise BundleInvalid(f"the event cannot be read: {error!r}") from error
        if problem:
            raise BundleInvalid(f"the event is invalid: {problem}")
        return event


@dataclass(frozen=True, slots=True)
class VersionEntry:
    """A version in the list of all versions.

    Attributes:
        name: Name of the model.
        version: The version.
        state: Its state.
        parent: The version that it was trained from or compared with; None without one.
        metrics: Main figures by name, such as `weighted_f1`; None for one that was not measured.
        at: Time of its last event; None for a shipped model that was never moved.
        by: Who or what caused the last event; None without one.
        reasons: Reasons of the last event.
        shipped: Whether it came with the program.
    """

    name: str
    version: str
    state: State
    parent: str | None
    metrics: Mapping[str, Any]
    at: str | None = None
    by: str | None = None
    reasons: tuple[str, ...] = field(default=())
    shipped: bool = False


def time_text(at: datetime) -> str:
    """Return a time as events have it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def clean(text: str, length: int = MAX_REASON) -> str:
    """Return a text as one line of printable characters, cut to `length`."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable.split())[:length].rstrip()


def _problem(event: Event) -> str | None:
    """Return the first reason why an event cannot be used; None if there is none."""
    checks = {
        "name and versions must be names": all(
            SAFE_NAME.fullmatch(name)
            for name in (event.name, event.version, event.replaced or event.version)
        ),
        "its time must be in UTC with microseconds": _is_time(event.at),
        "its number must be a whole number": (
            type(event.number) is int and 0 <= event.number <= MAX_NUMBER
        ),
        "`by` must be a short word": event.by == clean(event.by, MAX_WORD) != "",
        "its reasons must be short sentences": (
            len(event.reasons) <= MAX_REASONS
            and all(reason == clean(reason) for reason in event.reasons)
        ),
    }
    return next((sentence for sentence, fine in checks.items() if not fine), None)


def _is_time(text: str) -> bool:
    at = datetime.fromisoformat(text)
    return at.tzinfo is not None and time_text(at) == text and at.year < MAXYEAR
