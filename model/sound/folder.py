"""Listens to the sound files of a folder, in several processes, and writes a table of them."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cache
from itertools import islice
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_for
from pathlib import Path
from typing import Final

from model.sound.decoded import Decoded
from model.sound.decoding import decode_file
from model.sound.errors import ListeningFailed, NotAudio
from model.sound.listener import SoundModel
from model.sound.sound_table import Row, heard_row

AHEAD: Final = 2
"""Files for each process that are handed to it before it is done with the one before."""

Hear = Callable[[Path], Row]
"""Returns the cells of a file; a function of a module, as it is called in other processes."""


def hear(path: Path) -> Row:
    """Listen to a file and return its cells, without its name; raise BundleError."""
    return hear_with(lambda model, decoded: heard_row(model.listen(decoded)), path)


def hear_with(cells: Callable[[SoundModel, Decoded], Row], path: Path) -> Row:
    """Return the cells that `cells` returns for a file, else why not; raise BundleError."""
    try:
        return cells(_model(), decode_file(path))
    except NotAudio as error:
        return _failed("not_audio", error.problem.value)
    except ListeningFailed as error:
        return _failed("failed", str(error))
    except MemoryError:
        return _failed("failed", "there is not enough memory for it")


@cache
def _model() -> SoundModel:
    """Return the model of this process."""
    return SoundModel.load()


def hear_all(
    files: Sequence[Path], workers: int, hear_one: Hear = hear
) -> Generator[tuple[Path, Row]]:
    """Yield the files with their cells, as they come. To be called in the main thread.

    A file at which a process ends, as for lack of memory, is tried once more, alone; if that
    process ends as well, the cells say so.

    Args:
        files: The files.
        workers: Number of processes.
        hear_one: What is called for each file, in a process.

    Raises:
        BundleError: The model cannot be loaded.
    """
    waiting = deque(files)
    while waiting:
        pending: dict[Future[Row], Path] = {}
        try:
            with _pool(min(workers, len(waiting))) as (pool, end):
                try:
                    yield from _through(pool, waiting, pending, workers * AHEAD, hear_one)
                except BaseException:  # also Ctrl-C, and a caller who stops
                    end()
                    raise
        except BrokenProcessPool:
            for path in pending.values():
                yield path, _alone(path, hear_one)


def _through(
    pool: ProcessPoolExecutor,
    waiting: deque[Path],
    pending: dict[Future[Row], Path],
    most: int,
    hear_one: Hear,
) -> Iterator[tuple[Path, Row]]:
    """Move files from `waiting` to `pending`, `most` at a time, and yield those that are done."""
    while waiting or pending:
        for path in list(islice(waiting, most - len(pending))):
            pending[pool.submit(hear_one, path)] = path
            waiting.popleft()
        for future in wait(pending, return_when=FIRST_COMPLETED).done:
            row = future.result()
            yield pending.pop(future), row


def _alone(path: Path, hear_one: Hear) -> Row:
    with _pool(1) as (pool, _):
        try:
            return pool.submit(hear_one, path).result()
        except BrokenProcessPool:
            return _failed("failed", "the process that listened to it ended")


@contextmanager
def _pool(workers: int) -> Iterator[tuple[ProcessPoolExecutor, Callable[[], None]]]:
    """Yield a pool whose processes are started, and what ends them while they are listening.

    Ctrl-C ends none of them.
    """
    # Processes that are started afresh: a copy of one that has threads may hang.
    context = multiprocessing.get_context("spawn")
    # Not terminate(): before Python 3.14, a pool does not say which processes are its own.
    ends, ours = context.Pipe(duplex=False)
    with (
        ours,
        ends,
        ProcessPoolExecutor(workers, context, initializer=_prepare, initargs=(ends,)) as pool,
    ):
        handler = signal.signal(signal.SIGINT, signal.SIG_IGN)  # they, and theirs, inherit it
        try:
            for _ in range(workers):
                pool.submit(_nothing)  # starts one
        finally:
            signal.signal(signal.SIGINT, handler)
        yield pool, ours.close


def _prepare(ends: Connection) -> None:
    """Make this process end with the one that started it, or when `ends` is closed there."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        sentinels = (parent.sentinel, ends)
        threading.Thread(target=_end_with, args=(sentinels,), daemon=True).start()


def _nothing() -> None:
    """Do nothing."""


def _end_with(sentinels: Sequence[int | Connection]) -> None:
    wait_for(sentinels)
    os._exit(1)


def _failed(error: str, reason: str) -> dict[str, str]:
    return {"error": error, "reason": reason}
