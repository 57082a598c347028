"""Sequences: of the items with one key, the next begins when the one before it has ended."""

from collections import deque
from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Sequences(Generic[T]):
    """Keeps items in order without a task for each that waits.

    Own code: an asyncio.Lock keeps the order, too, but each item that waits for it needs a task.
    """

    def __init__(self) -> None:
        self._sequences: dict[Hashable, deque[T]] = {}

    def begin(self, key: Hashable, item: T) -> bool:
        """Return whether an item may begin, or is the current one; else it waits."""
        sequence = self._sequences.setdefault(key, deque())
        if sequence and sequence[0] is item:
            return True
        sequence.append(item)
        return len(sequence) == 1

    def end(self, key: Hashable) -> T | None:
        """End the current item; return the next one, which is then current."""
        sequence = self._sequences[key]
        sequence.popleft()
        if sequence:
            return sequence[0]
        del self._sequences[key]
        return None

    def drop(self, key: Hashable) -> list[T]:
        """Remove the current item and those that wait; return the latter in order."""
        return list(self._sequences.pop(key))[1:]
