"""Limits that services publish for their callers."""

from dataclasses import dataclass
from typing import Final

MAX_WAIT: Final = 3.0
"""Seconds that a caller without a deadline waits for its turn."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one host, kept by each process.

    Attributes:
        calls: Calls within any `seconds`; None for any number.
        seconds: Length of that window.
        concurrent: Calls at the same time; None for any number.
        pause: Seconds between the end of a call and the next one.
        daily: Calls within 24 hours of all processes together; None for any number.
        refusals: Replies with status 401 or 403 in a row after which an endpoint is not asked any
            more. 1 where they refuse the caller, more where they are about what was asked.
    """

    calls: int | None = None
    seconds: float = 1.0
    concurrent: int | None = None
    pause: float = 0.0
    daily: int | None = None
    refusals: int = 1
