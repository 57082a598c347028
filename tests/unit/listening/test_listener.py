"""The queue before the processes that listen: turns, bounds, the words while a sound waits."""

import asyncio
import errno
import io
import tempfile
import threading
from collections.abc import AsyncIterator
from typing import BinaryIO

import pytest

from bot.domain.errors import NotAudio, SoundUnavailable, Unavailable
from bot.domain.sound_ports import HeardSound
from bot.listening.hearing import Hearing
from bot.listening.listener import MAX_WAITING_OF_GROUP, SoundListener
from model.sound.errors import Problem
from tests.support.fake_listener import heard

TIMEOUT = 20
"""Seconds until a hanging test fails."""


class SlowHearing(Hearing):
    """Hears a file when it is allowed to, and says in which order files were heard."""

    order: list[str]

    def __init__(self) -> None:
        super().__init__()
        self.order = []
        self.allowed = threading.Semaphore(0)
        self.stopped = False

    def hear(self, sound: BinaryIO) -> HeardSound:
        sound.seek(0)
        name = sound.read().decode()
        self.allowed.acquire()
        if self.stopped:
            raise SoundUnavailable("listening", "the process failed")
        self.order.append(name)
        if name == "damaged":
            raise NotAudio(Problem.DAMAGED)
        return HeardSound(heard(), name, "")

    def stop(self) -> None:
        self.stopped = True
        self.allowed.release()


@pytest.fixture
def hearing() -> SlowHearing:
    return SlowHearing()


@pytest.fixture
async def listener(hearing: SlowHearing) -> AsyncIterator[SoundListener]:
    async with SoundListener(lambda: hearing, at_once=1) as listener:
        yield listener


def sound(name: str) -> BinaryIO:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the tests close it
    file.write(name.encode())  # and is not flushed, as by an upload
    return file


async def test_groups_are_heard_in_turn(listener: SoundListener, hearing: SlowHearing) -> None:
    asked = [("ann", "a1"), ("ann", "a2"), ("ann", "a3"), ("ben", "b1"), ("ben", "b2")]
    files = [sound(name) for _, name in asked]
    work = [
        asyncio.create_task(listener.listen(file, group))
        for file, (group, _) in zip(files, asked, strict=True)
    ]
    for _ in asked:
        hearing.allowed.release()
    found = await asyncio.gather(*work)
    assert [one.title for one in found] == ["a1", "a2", "a3", "b1", "b2"]
    assert hearing.order == ["a1", "a2", "b1", "a3", "b2"]
    for file in files:
        file.close()


async def test_whoever_waits_learns_how_many_are_heard_first(
    listener: SoundListener, hearing: SlowHearing
) -> None:
    before: list[int] = []

    async def waiting(count: int) -> None:
        before.append(count)

    with sound("one") as one, sound("two") as two, sound("three") as three:
        work = [
            asyncio.create_task(listener.listen(one, "ann")),
            asyncio.create_task(listener.listen(two, "ben")),
            asyncio.create_task(listener.listen(three, "cat", waiting)),
        ]
        for _ in work:
            hearing.allowed.release()
        await asyncio.gather(*work)
    assert before == [1, 0]


async def test_a_sound_that_is_heard_at_once_does_not_wait(
    listener: SoundListener, hearing: SlowHearing
) -> None:
    async def waiting(count: int) -> None:
        raise AssertionError(count)

    hearing.allowed.release()
    with sound("one") as file:
        assert (await listener.listen(file, "ann", waiting)).title == "one"


async def test_errors_reach_the_caller_and_the_next_is_heard(
    listener: SoundListener, hearing: SlowHearing
) -> None:
    hearing.allowed.release(2)
    with sound("damaged") as damaged, sound("fine") as fine:
        with pytest.raises(NotAudio):
            await listener.listen(damaged, "ann")
        assert (await listener.listen(fine, "ann")).title == "fine"


async def test_more_sounds_of_one_person_than_the_queue_holds_are_refused(
    listener: SoundListener, hearing: SlowHearing
) -> None:
    with sound("x") as file:
        work = [
            asyncio.create_task(listener.listen(file, "ann"))
            for _ in range(1 + MAX_WAITING_OF_GROUP)
        ]
        await asyncio.sleep(0)
        with pytest.raises(Unavailable):
            await listener.listen(file, "ann")
        hearing.allowed.release(len(work))
        await asyncio.gather(*work)


async def test_a_caller_that_is_cancelled_gives_up_its_turn(
    listener: SoundListener, hearing: SlowHearing
) -> None:
    with sound("one") as one, sound("two") as two, sound("three") as three:
        first = asyncio.create_task(listener.listen(one, "ann"))
        second = asyncio.create_task(listener.listen(two, "ben"))
        third = asyncio.create_task(listener.listen(three, "cat"))
        await asyncio.sleep(0)
        second.cancel()
        first.cancel()  # it is being heard, which goes on
        await asyncio.wait([first, second])
        one.close()
        hearing.allowed.release(2)
        assert (await third).title == "three"
    assert hearing.order == ["one", "three"]


async def test_closing_ends_what_is_heard_and_what_waits(hearing: SlowHearing) -> None:
    with sound("one") as one, sound("two") as two:
        async with SoundListener(lambda: hearing, at_once=1) as listener:
            work = [
                asyncio.create_task(listener.listen(one, "ann")),
                asyncio.create_task(listener.listen(two, "ben")),
            ]
            await asyncio.sleep(0)
        for ended in await asyncio.gather(*work, return_exceptions=True):
            assert isinstance(ended, SoundUnavailable)
        with pytest.raises(SoundUnavailable):
            await listener.listen(one, "ann")
    assert hearing.order == []


async def test_closing_leaves_the_loop_to_others() -> None:
    hearing = StubbornHearing()
    with sound("one") as file:
        async with SoundListener(lambda: hearing, at_once=1) as listener:
            work = asyncio.create_task(listener.listen(file, "ann"))
            await asyncio.sleep(0)
            asyncio.get_running_loop().call_soon(hearing.proceed.set)
        assert (await work).title == "the loop went on"


class StubbornHearing(Hearing):
    """Goes on when it is stopped, until the event loop lets it end."""

    def __init__(self) -> None:
        super().__init__()
        self.proceed = threading.Event()

    def hear(self, _: BinaryIO) -> HeardSound:
        is_allowed = self.proceed.wait(TIMEOUT)
        return HeardSound(heard(), "the loop went on" if is_allowed else "it was blocked", "")


class Broken(io.BytesIO):
    """A file that cannot be written to the disk, or has no more descriptors."""

    def __init__(self, descriptor: int | None) -> None:
        super().__init__()
        self._descriptor = descriptor

    def fileno(self) -> int:
        if self._descriptor is None:
            raise OSError(errno.EMFILE, "Too many open files")
        return self._descriptor

    def flush(self) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("fault", ["disk full", "no descriptors"])
async def test_a_file_that_fails_gives_its_turn_to_the_next(
    listener: SoundListener, hearing: SlowHearing, fault: str
) -> None:
    hearing.allowed.release(9)
    with sound("fine") as fine, tempfile.TemporaryFile() as other:
        before = descriptors()
        broken = Broken(other.fileno() if fault == "disk full" else None)
        with pytest.raises(SoundUnavailable):
            await listener.listen(broken, "ann")
        assert descriptors() == before
        async with asyncio.timeout(TIMEOUT):
            assert (await listener.listen(fine, "ann")).title == "fine"


async def test_without_a_thread_the_turn_is_given_back(
    listener: SoundListener, hearing: SlowHearing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_thread(_: object) -> None:
        raise RuntimeError("can't start new thread")

    hearing.allowed.release(9)
    with sound("fine") as fine:
        before = descriptors()
        with monkeypatch.context() as patched:
            patched.setattr(threading.Thread, "start", no_thread)
            with pytest.raises(SoundUnavailable):
                await listener.listen(fine, "ann")
        assert descriptors() == before
        async with asyncio.timeout(TIMEOUT):
            assert (await listener.listen(fine, "ann")).title == "fine"


def descriptors() -> int:
    """Return a number that is higher when a descriptor was left open."""
    with tempfile.TemporaryFile() as file:
        return file.fileno()
