"""The real `Hearing`, with processes that hang, die and are told to end."""

import asyncio
import io
import logging
import select
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest

from bot.concurrency.worker_process import WorkerProcess
from bot.domain.errors import ModelUnusable, SoundUnavailable
from bot.domain.places import Message, Place
from bot.domain.replies import Notice, NoticeKind
from bot.listening import hearing, replies, worker
from bot.listening.hearing import Hearing
from bot.listening.listener import SoundListener
from bot.listening.same_process import SameProcess
from bot.services.listen import ListenService
from model.errors import BundleInvalid
from model.sound import decoding
from model.sound.cancellation import Cancellation
from model.sound.decoded import Decoded
from model.sound.errors import ListeningFailed
from model.sound.listener import SoundModel
from tests.support.fake_listener import FakeUpload, heard
from tests.support.fake_stores import FakePredictionStore
from tests.support.sound_files import kind, tone, write

TIMEOUT = 20
"""Seconds until a hanging test fails."""

MESSAGE = Message(Place("terminal", "local", "terminal"), "1", "ann", "")

DECODED = Decoded((np.zeros((8000, 1), np.float32),), 8_000, 1.0, "wav", "A Song", "A Band")


class Decodes:
    """Decodes every file to this sound."""

    def __init__(self, sound: Decoded = DECODED) -> None:
        self._sound = sound

    def __call__(self, _: BinaryIO, /, *, cancellation: Cancellation) -> bytes:
        del cancellation
        return self._sound.to_bytes()


class Worker:
    """Replies with each of `answers`; raises those that are errors."""

    def __init__(self, *answers: bytes | OSError) -> None:
        self.answers = list(answers)
        self.is_running = True

    def ask(self, message: bytes) -> bytes:
        assert message == DECODED.to_bytes()
        found = self.answers.pop(0)
        if isinstance(found, OSError):
            raise found
        return found

    def kill(self) -> None:
        self.is_running = False

    def close(self) -> None:
        self.is_running = False


class Workers:
    """Starts these, one after another."""

    def __init__(self, *workers: Worker) -> None:
        self.waiting = list(workers)

    def start(self) -> Worker:
        return self.waiting.pop(0)


class Hanging(Worker):
    """Answers when it is killed: that it has ended."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = threading.Event()
        self.killed = threading.Event()

    def ask(self, _: bytes) -> bytes:
        self.asked.set()
        assert self.killed.wait(TIMEOUT)
        raise BrokenPipeError("the process ended")

    def kill(self) -> None:
        self.killed.set()


HEARD = replies.of_sound(heard(), DECODED)


async def test_closing_ends_a_file_that_is_being_decoded(tmp_path: Path) -> None:
    started = threading.Event()

    def waits(*_: object) -> list[str]:
        started.set()
        return [sys.executable, "-I", "-S", "-c", "import time; time.sleep(600)"]

    hears = Hearing(partial(decoding.decode, command=waits), Workers().start)
    with write(tmp_path / "a.wav", tone(1), kind("a.wav")).open("rb") as file:
        async with SoundListener(lambda: hears, at_once=1) as listener:
            work = asyncio.create_task(listener.listen(file, "ann"))
            await asyncio.sleep(0)
            assert await asyncio.to_thread(started.wait, TIMEOUT)
        with pytest.raises(SoundUnavailable, match="cancelled"):
            await work


def test_stopped_while_it_listens_it_starts_no_other_process() -> None:
    hanging, other = Hanging(), Worker(HEARD)
    hanging.answers = [HEARD]
    workers = Workers(hanging, other)
    hears = Hearing(Decodes(), workers.start)
    with ThreadPoolExecutor(1) as threads:
        work = threads.submit(hears.hear, io.BytesIO())
        assert hanging.asked.wait(TIMEOUT)
        hears.stop()
        with pytest.raises(SoundUnavailable):
            work.result(TIMEOUT)
    with pytest.raises(SoundUnavailable):
        hears.hear(io.BytesIO())
    assert workers.waiting == [other]


def test_stopped_it_does_not_ask_the_process_that_it_has() -> None:
    kept = Worker(HEARD, HEARD)
    hears = Hearing(Decodes(), Workers(kept).start)
    hears.hear(io.BytesIO())
    hears.stop()
    with pytest.raises(SoundUnavailable):
        hears.hear(io.BytesIO())
    assert kept.answers == [HEARD]


def test_a_process_that_ends_when_it_is_asked_after_a_while_is_replaced(
    caplog: pytest.LogCaptureFixture,
) -> None:
    workers = Workers(Worker(HEARD, BrokenPipeError("the process ended")), Worker(HEARD))
    hears = Hearing(Decodes(), workers.start)
    assert hears.hear(io.BytesIO()) == hears.hear(io.BytesIO())
    assert not workers.waiting
    assert not caplog.records


@pytest.mark.parametrize(
    "workers",
    [
        pytest.param([Worker(BrokenPipeError()), Worker(HEARD)], id="a new one ends"),
        pytest.param(
            [Worker(HEARD, BrokenPipeError()), Worker(BrokenPipeError()), Worker(HEARD)],
            id="its successor ends, too",
        ),
        pytest.param([Worker(HEARD, TimeoutError()), Worker(HEARD)], id="it hangs"),
    ],
)
def test_a_sound_is_not_heard_again_and_again(workers: list[Worker]) -> None:
    started = Workers(*workers)
    hears = Hearing(Decodes(), started.start)
    if len(workers[0].answers) > 1:
        hears.hear(io.BytesIO())
    with pytest.raises(SoundUnavailable):
        hears.hear(io.BytesIO())
    assert started.waiting == workers[-1:]
    assert hears.hear(io.BytesIO()).title == "A Song"


def test_a_mistake_of_the_program_is_logged_with_its_stack(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Wrong:
        def listen(self, _: Decoded) -> None:
            raise TypeError(f"{DECODED.title} is no number")

    reply = worker.answer(Wrong(), DECODED.to_bytes())  # type: ignore[arg-type]
    with caplog.at_level(logging.ERROR), pytest.raises(SoundUnavailable, match="TypeError"):
        Hearing(Decodes(), Workers(Worker(reply)).start).hear(io.BytesIO())
    assert "in listen" in caplog.text
    assert "A Song" not in caplog.text, "messages of errors may quote a file"


@pytest.mark.parametrize("error", [ListeningFailed("the networks failed"), MemoryError()])
def test_a_sound_that_cannot_be_heard_is_no_mistake(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    hears = Hearing(Decodes(), Workers(Worker(replies.of_error(error))).start)
    with pytest.raises(SoundUnavailable, match=r"the networks failed|not enough memory"):
        hears.hear(io.BytesIO())
    assert not caplog.records


def test_a_damaged_model_is_named_until_it_is_mended() -> None:
    def damaged() -> SoundModel:
        raise BundleInvalid("musicnn: msd.onnx is damaged")

    reply = worker.load(damaged)(b"decoded")
    hears = Hearing(Decodes(), Workers(Worker(reply), Worker(HEARD)).start)
    with pytest.raises(ModelUnusable, match=r"musicnn: msd\.onnx is damaged"):
        hears.hear(io.BytesIO())
    assert hears.hear(io.BytesIO()).title == "A Song"


async def test_a_damaged_model_is_named_to_whoever_asks(caplog: pytest.LogCaptureFixture) -> None:
    def start() -> WorkerProcess:
        return WorkerProcess("tests.support.damaged_worker", TIMEOUT)

    async with SoundListener(lambda: Hearing(Decodes(), start), at_once=1) as listener:
        service = ListenService(listener, FakePredictionStore())
        (reply,) = await service.answer([FakeUpload()], MESSAGE)
    assert reply == Notice(NoticeKind.MODEL_ERROR, "My model cannot be used: msd.onnx is damaged.")
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_without_processes_the_networks_are_run_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(select, "poll")  # as on Windows
    here = hearing.start_worker()
    assert isinstance(here, SameProcess)
    sound = Decoded((tone(4),), 48_000, 4.0, "wav", "A Song", "")
    hears = Hearing(Decodes(sound), lambda: here)
    found = hears.hear(io.BytesIO())
    assert (found.title, found.heard.duration) == ("A Song", 4.0)
    hears.close()
