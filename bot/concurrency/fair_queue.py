"""Fair queue: takes one item of each group in turn, the oldest first."""

from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Iterator
from itertools import chain
from typing import Generic, TypeVar

T = TypeVar("T")


class FairQueue(Generic[T]):
    """Bounded queue of items in groups; at most `per_group` items of a group are out at once.

    Own code: asyncio.Queue and janus know one order for all items.

    Args:
        size: Items that the queue holds.
        group_size: Items of one group that the queue holds.
        per_group: Items of one group that may be taken before one of them is done.
    """

    def __init__(self, size: int, group_size: int, per_group: int) -> None:
        self._size = size
        self._group_size = group_size
        self._per_group = per_group
        self._groups: OrderedDict[Hashable, deque[T]] = OrderedDict()
        self._taken: dict[Hashable, int] = {}
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[T]:
        """Yield the items that wait, group by group."""
        return chain.from_iterable(self._groups.values())

    @property
    def room(self) -> int:
        """How many more items the queue holds."""
        return max(0, self._size - self._length)

    def put(self, group: Hashable, item: T) -> bool:
        """Append an item; return False if there is no room."""
        waiting = self._groups.get(group)
        if not self.room or (waiting is not None and len(waiting) >= self._group_size):
            return False
        self._groups.setdefault(group, deque()).append(item)
        self._length += 1
        return True

    def put_first(self, group: Hashable, item: T) -> None:
        """Prepend an item that was taken before; there is always room for it."""
        self._groups.setdefault(group, deque()).appendleft(item)
        self._length += 1

    def waiting(self, group: Hashable) -> int:
        """Count the items of a group that wait."""
        return len(self._groups.get(group, ()))

    def before(self, group: Hashable, item: T) -> int:
        """Count the items that are taken before one of a group that waits.

        Groups that may not be taken from now are counted as if they could.
        """
        order = list(self._groups)
        index, turn = self._groups[group].index(item), order.index(group)
        return sum(
            min(len(waiting), index + (place < turn))
            for place, waiting in enumerate(self._groups.values())
        )

    def take(self) -> tuple[Hashable, T] | None:
        """Return the oldest item of the group whose turn it is; None if none may be taken."""
        for group, waiting in self._groups.items():
            if self._taken.get(group, 0) >= self._per_group:
                continue
            item = waiting.popleft()
            self._length -= 1
            self._taken[group] = self._taken.get(group, 0) + 1
            if waiting:
                self._groups.move_to_end(group)
            else:
                del self._groups[group]
            return group, item
        return None

    def discard(self, is_unwanted: Callable[[T], bool]) -> None:
        """Remove the waiting items for which a function returns true."""
        for group, waiting in list(self._groups.items()):
            kept = deque(item for item in waiting if not is_unwanted(item))
            self._length -= len(waiting) - len(kept)
            if kept:
                self._groups[group] = kept
            else:
                del self._groups[group]

    def remove(self, group: Hashable, item: T) -> None:
        """Remove an item of a group that waits."""
        waiting = self._groups[group]
        waiting.remove(item)
        self._length -= 1
        if not waiting:
            del self._groups[group]

    def done(self, group: Hashable) -> None:
        """Report that an item of a group that was taken is worked off."""
        self._taken[group] -= 1
        if not self._taken[group]:
            del self._taken[group]

    def clear(self) -> None:
        """Remove the items that wait."""
        self._groups.clear()
        self._length = 0
