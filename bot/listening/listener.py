"""Listens to sounds off the event loop, in a fair queue; implements the port `Listener`."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import BinaryIO, Final, Self

from bot.concurrency.fair_queue import FairQueue
from bot.domain.errors import SoundUnavailable
from bot.domain.sound_ports import HeardSound, Waiting
from bot.listening.hearing import Hearing
from model.cores import cores

MAX_AT_ONCE: Final = 2
"""Sounds that are heard at once; each takes a core for about a second."""

MAX_WAITING: Final = 100
MAX_WAITING_OF_GROUP: Final = 20
"""Sounds that wait for their turn, of all and of one group; they wait on the disk."""


class _Turn:
    """A sound that waits for its turn."""

    def __init__(self) -> None:
        self.has_come = asyncio.get_running_loop().create_future()
        self.moved = asyncio.Event()


class SoundListener:
    """Listens to a few sounds at once; leaving the context ends what it started.

    What is heard or waits then fails.

    Args:
        hearing: Makes what hears one sound at a time.
        at_once: Sounds that are heard at once; one less than there are cores by default.
    """

    def __init__(
        self, hearing: Callable[[], Hearing] = Hearing, at_once: int | None = None
    ) -> None:
        count = at_once or max(1, min(MAX_AT_ONCE, cores() - 1))
        self._idle = [hearing() for _ in range(count)]
        self._all = tuple(self._idle)
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="listening")
        self._queue: FairQueue[_Turn] = FairQueue(MAX_WAITING, MAX_WAITING_OF_GROUP, count)
        self._is_closed = False

    async def listen(
        self, sound: BinaryIO, group: str, waiting: Waiting | None = None
    ) -> HeardSound:
        """Return what is heard in a file, when its turn has come; see the port."""
        turn = _Turn()
        if self._is_closed or not self._queue.put(group, turn):
            raise SoundUnavailable("listening", "too many sounds wait")
        self._take_turns()
        try:
            await self._wait(group, turn, waiting)
        except BaseException:
            if turn.has_come.done() and not turn.has_come.cancelled():
                self._give_back(group, turn.has_come.result())
            else:
                self._queue.discard(lambda one: one is turn)
            raise
        hearing = turn.has_come.result()
        try:
            work = self._start(hearing, sound)
        except BaseException:
            self._give_back(group, hearing)
            raise
        work.add_done_callback(lambda _: self._give_back(group, hearing))
        return await asyncio.shield(work)

    def _start(self, hearing: Hearing, sound: BinaryIO) -> asyncio.Future[HeardSound]:
        """Let a file be heard on a thread; raise SoundUnavailable."""
        if self._is_closed:
            raise SoundUnavailable("listening", "the bot is stopping")
        try:
            # The thread goes on if the caller is cancelled, who then closes the file.
            second = os.fdopen(os.dup(sound.fileno()), "rb")
        except OSError as error:
            raise SoundUnavailable("listening", f"the file cannot be read: {error}") from error
        loop = asyncio.get_running_loop()
        try:
            return loop.run_in_executor(self._threads, _hear, hearing, sound, second)
        except RuntimeError as error:  # the system has no more threads
            second.close()
            raise SoundUnavailable("listening", str(error)) from error

    async def _wait(self, group: str, turn: _Turn, waiting: Waiting | None) -> None:
        while not turn.has_come.done():
            if waiting:
                await waiting(self._queue.before(group, turn))
                if turn.has_come.done():
                    return
            turn.moved.clear()
            await turn.moved.wait()

    def _take_turns(self) -> None:
        """Let as many sounds go on as can be heard, and tell the others that they moved up."""
        while self._idle and (taken := self._queue.take()):
            _, turn = taken
            turn.has_come.set_result(self._idle.pop())
            turn.moved.set()

    def _give_back(self, group: str, hearing: Hearing) -> None:
        self._idle.append(hearing)
        self._queue.done(group)
        self._take_turns()
        for turn in self._queue:
            turn.moved.set()

    async def close(self) -> None:
        """End what is heard and what waits, and the processes."""
        self._is_closed = True
        for hearing in self._all:
            hearing.stop()
        await asyncio.to_thread(self._join)

    def _join(self) -> None:
        self._threads.shutdown()
        for hearing in self._all:
            hearing.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def _hear(hearing: Hearing, sound: BinaryIO, second: BinaryIO) -> HeardSound:
    """Return what is heard in a file, of which `second` is another descriptor that is closed."""
    with second:
        try:
            with suppress(ValueError):  # the caller has closed it, which flushes, too
                sound.flush()  # what is read through the descriptor lacks what is still buffered
        except OSError as error:
            raise SoundUnavailable("listening", f"the file cannot be written: {error}") from error
        return hearing.hear(second)
