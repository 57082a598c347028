"""Hears one sound: decodes it in a process of its own, and lets another one listen to it.

Blocking; for use on threads. The second process is kept for the next sounds: it takes half a
second to start.
"""

import hashlib
import json
import logging
import os
from collections.abc import Callable
from typing import Any, BinaryIO, Final, Protocol

from bot.concurrency.worker_process import WorkerProcess
from bot.domain import errors
from bot.domain.errors import SoundUnavailable
from bot.domain.sound_ports import HeardSound
from model.sound import decoding
from model.sound.errors import ListeningFailed, NotAudio
from model.sound.heard import Heard

TIME_LIMIT: Final = 30.0
"""Seconds for the networks on one sound, with the start of the process."""

_log = logging.getLogger(__name__)

Decode = Callable[[BinaryIO], bytes]


class Process(Protocol):
    """A process that listens to one decoded sound at a time."""

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""

    def ask(self, message: bytes) -> bytes:
        """Return the reply of `bot.listening.worker`; raise OSError."""

    def kill(self) -> None:
        """Let a call of `ask` on another thread fail at once."""

    def close(self) -> None:
        """End the process."""


def start_worker() -> Process:
    """Start `bot.listening.worker`."""
    return WorkerProcess("bot.listening.worker", TIME_LIMIT)


class Hearing:
    """Hears one sound at a time.

    Args:
        decode: Returns a file as `Decoded.to_bytes` does.
        start: Starts the process that listens.
    """

    def __init__(
        self, decode: Decode = decoding.decode, start: Callable[[], Process] = start_worker
    ) -> None:
        self._decode = decode
        self._start = start
        self._process: Process | None = None

    def hear(self, descriptor: int) -> HeardSound:
        """Return what is heard in an open file, and close its descriptor.

        Raises NotAudio of `bot.domain.errors`, and SoundUnavailable if a process fails.
        """
        with os.fdopen(descriptor, "rb") as sound:
            try:
                decoded = self._decode(sound)
            except NotAudio as error:
                raise errors.NotAudio(error.problem, error.format, error.limit) from error
            except ListeningFailed as error:
                raise SoundUnavailable("listening", str(error)) from error
            sound.seek(0)
            digest = hashlib.file_digest(sound, "sha256").hexdigest()
        return _read(self._ask(decoded), digest)

    def stop(self) -> None:
        """Let a call of `hear` on another thread fail soon."""
        if process := self._process:
            process.kill()

    def close(self) -> None:
        """End the process; nothing may be heard."""
        if self._process:
            self._process.close()
        self._process = None

    def _ask(self, decoded: bytes) -> bytes:
        try:
            if self._process is None or not self._process.is_running:
                self.close()  # it was idle for long
                self._process = self._start()
            return self._process.ask(decoded)
        except OSError as error:
            self.close()
            _log.warning("the process that listens failed: %s", error)
            raise SoundUnavailable("listening", f"the process failed: {error}") from error


def _read(reply: bytes, digest: str) -> HeardSound:
    found: dict[str, Any] = json.loads(reply)
    if "error" in found:
        raise SoundUnavailable("listening", found["error"])
    return HeardSound(Heard.from_dict(found["heard"]), found["title"], found["artist"], digest)
