"""Shards: Discord's unit for dividing a large bot among processes."""

import re
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Shards:
    """The shards `ids` of `count` in all; each serves a part of the servers."""

    ids: range
    count: int

    @property
    def options(self) -> dict[str, Any]:
        """Arguments of discord.py's client for these shards."""
        return {"shard_ids": list(self.ids), "shard_count": self.count}

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse "0-3/16" or "5/16"; raise ValueError."""
        match = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?/(\d{1,5})", text)
        if match is None:
            raise ValueError(f"{text!r} is not of the form 0-3/16")
        first, last = int(match[1]), int(match[2] or match[1])
        count = int(match[3])
        if not first <= last < count:
            raise ValueError(f"{text!r}: of {count} shards the last one is {count - 1}")
        return cls(range(first, last + 1), count)
