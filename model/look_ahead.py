"""Applies a function to items on several threads, in order, with few of them in memory."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

from model.cores import cores

Item = TypeVar("Item")
Result = TypeVar("Result")

AHEAD: Final = 4
"""Number of items for each thread that are taken before their results are needed."""


def pairs(
    work: Callable[[Item], Result], items: Iterable[Item], threads: int | None = None
) -> Iterator[tuple[Item, Result]]:
    """Yield each item with its result, in the order of the items.

    `items` is iterated in the thread that asks for the pairs.

    Args:
        work: Function that releases the interpreter's lock for most of its time.
        items: Its arguments.
        threads: Number of threads; `cores()` unless given.
    """
    threads = threads or cores()
    pending: deque[tuple[Item, Future[Result]]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for item in items:
            pending.append((item, pool.submit(work, item)))
            if len(pending) > AHEAD * threads:
                yield _finished(pending)
        while pending:
            yield _finished(pending)


def _finished(pending: deque[tuple[Item, Future[Result]]]) -> tuple[Item, Result]:
    """Remove the oldest item and return it with its result."""
    item, future = pending.popleft()
    return item, future.result()
