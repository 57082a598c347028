"""Decoding is cancelled on another thread, before and while its process runs."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pytest

from model.sound.cancellation import Cancellation, Killable
from model.sound.decoding import decode
from model.sound.errors import ListeningFailed
from model.sound.formats import Format
from model.sound.limits import Limits
from tests.support.sound_files import kind, tone, write

LIMITS: Final = Limits(wall_seconds=600)
TIMEOUT: Final = 20
"""Seconds until a hanging test fails."""


class Watched(Cancellation):
    """Says that a process was started."""

    def __init__(self) -> None:
        super().__init__()
        self.has_started = threading.Event()

    def started(self, process: Killable) -> None:
        super().started(process)
        self.has_started.set()


def waits(_found: Format, _limits: Limits) -> list[str]:
    return [sys.executable, "-I", "-S", "-c", "import sys, time; time.sleep(600)"]


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """Return a good sound file."""
    return write(tmp_path / "a.wav", tone(1), kind("a.wav"))


def test_a_process_that_decodes_is_ended(sound: Path) -> None:
    cancellation = Watched()
    with sound.open("rb") as file, ThreadPoolExecutor(1) as threads:
        work = threads.submit(decode, file, LIMITS, command=waits, cancellation=cancellation)
        assert cancellation.has_started.wait(TIMEOUT)
        cancellation.cancel()
        with pytest.raises(ListeningFailed, match="cancelled"):
            work.result(TIMEOUT)


def test_a_process_that_is_started_later_is_ended_at_once(sound: Path) -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    with sound.open("rb") as file, pytest.raises(ListeningFailed, match="cancelled"):
        decode(file, LIMITS, command=waits, cancellation=cancellation)


def test_a_part_of_a_file_is_copied_to_the_folder(tmp_path: Path) -> None:
    sound = write(tmp_path / "b.ogg", tone(1), kind("a.ogg"))
    # An Ogg stream behind an ID3 tag, which libsndfile does not skip.
    sound.write_bytes(b"ID3\x04\x00\x00\x00\x00\x00\x0a" + bytes(10) + sound.read_bytes())
    with sound.open("rb") as file:
        assert decode(file, folder=tmp_path)
        with pytest.raises(ListeningFailed, match="copy of the file"):
            decode(file, folder=tmp_path / "missing")
