"""States of a model's versions, and the events that move them.

A version is a *candidate* when it is saved, *active* when bots are to serve it, *rejected* when the
gate or people refused it, and *retired* when another one became active. The events of all versions
are kept in the model store and make its audit log. The state of a version is that of its last
event.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


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
    """

    name: str
    version: str
    state: State
    at: str
    by: str
    reasons: tuple[str, ...] = ()
    replaced: str | None = None


@dataclass(frozen=True, slots=True)
class VersionEntry:
    """A version in the list of all versions.

    Attributes:
        name: Name of the model.
        version: The version.
        state: Its state.
        parent: The version that it was trained from or compared with; None without one.
        metrics: Main figures by name, such as `weighted_f1`; empty if none were measured.
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
