"""What is known of a source besides its answers: cached replies, its state, its budget."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Union

JsonValue = Union[  # noqa: UP007 - recursive
    None, bool, int, float, str, Sequence["JsonValue"], Mapping[str, "JsonValue"]
]


@dataclass(frozen=True, slots=True)
class CachedReply:
    """A reply as it was stored.

    Attributes:
        value: JSON; None if the source did not know what was asked.
        at: When the source gave it.
    """

    value: JsonValue
    at: datetime


class Condition(StrEnum):
    """Whether a source is asked."""

    READY = "ready"
    """It is asked."""
    WAITING = "waiting"
    """It is not asked for a while, after failures or because it demanded a pause."""
    OFF = "off"
    """It is not asked in this configuration, or it refused access."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """State of a source.

    Attributes:
        name: The source's name.
        condition: Whether it is asked.
        until: End of the pause, if it is waiting and the end is known.
        last_error: The last failure in words, without secrets; None if there was none.
        failed_at: When that failure happened.
        budget_left: Calls that may still be made within its window; None without a budget.
    """

    name: str
    condition: Condition
    until: datetime | None = None
    last_error: str | None = None
    failed_at: datetime | None = None
    budget_left: int | None = None
