"""Which version of a model each running process serves, and what it answers to a known song."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ServedModel:
    """What a running process serves.

    Attributes:
        process: Name of the process; no two have the same.
        model: Name of its default model.
        version: The version that it serves.
        answer: Probability of each genre, 0-1, of that model for a built-in song.
        at: When the process said so; aware, in UTC.
    """

    process: str
    model: str
    version: str
    answer: Mapping[str, float]
    at: datetime


class ServedModelStore(Protocol):
    """What each running process serves; every method may raise StorageFailed."""

    async def put(self, served: ServedModel) -> None:
        """Store what a process serves, in place of what it served before."""

    async def live(self, since: datetime, until: datetime) -> Sequence[ServedModel]:
        """Return what processes serve that said so from `since` to `until`, sorted by process."""

    async def remove(self, process: str) -> None:
        """Delete what a process served; it ends."""
