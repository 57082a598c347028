"""Which part of a large bot a process runs."""

import re
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Shards:
    """The shards `ids` of `count`, Discord's unit of growth: some servers each."""

    ids: range
    count: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "0-3/16" or "5/16"; raises ValueError."""
        found = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?/(\d{1,5})", text)
        if found is None:
            raise ValueError(f"{text!r} is no part like 0-3/16")
        first, last = int(found[1]), int(found[2] or found[1])
        count = int(found[3])
        if not first <= last < count:
            raise ValueError(f"{text!r}: of {count} shards the last one is {count - 1}")
        return cls(range(first, last + 1), count)
