"""Hears one sound: decodes it in a process of its own, and lets another one listen to it.

Blocking; for use on threads. The second process is kept for the next sounds: it takes half a
second to start.
"""

import logging
from collections.abc import Callable
from typing import BinaryIO, Final, Protocol

from bot.concurrency.worker_process import WorkerProcess, is_supported
from bot.domain import errors
from bot.domain.errors import ModelUnusable, SoundUnavailable
from bot.domain.sound_ports import HeardSound
from bot.listening import replies
from bot.listening.same_process import SameProcess
from model.sound import decoding
from model.sound.cancellation import Cancellation
from model.sound.errors import ListeningFailed, NotAudio

TIME_LIMIT: Final = 30.0
"""Seconds for the networks on one sound, with the start of the process."""

_log = logging.getLogger(__name__)


class Decode(Protocol):
    """Decodes a file, as `model.sound.decoding.decode` does."""

    def __call__(self, sound: BinaryIO, /, *, cancellation: Cancellation) -> bytes:
        """Return a file as `Decoded.to_bytes` does; raise NotAudio, ListeningFailed, OSError."""


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
    """Start `bot.listening.worker`; what listens in this process where there are none (Windows)."""
    if not is_supported():
        return SameProcess()
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
        self._stop = Cancellation()

    def hear(self, sound: BinaryIO) -> HeardSound:
        """Return what is heard in a file with a descriptor, and close it.

        Raises:
            NotAudio: That of `bot.domain.errors`.
            ModelUnusable: The tagger cannot be used.
            SoundUnavailable: A process failed, or `stop` was called.
        """
        with sound:
            try:
                decoded = self._decode(sound, cancellation=self._stop)
            except NotAudio as error:
                raise errors.NotAudio(error.problem, error.format, error.limit) from error
            except (ListeningFailed, OSError) as error:
                raise SoundUnavailable("listening", str(error)) from error
        try:
            return replies.read(self._ask(decoded))
        except ModelUnusable:
            self.close()  # the next process may find another
            raise

    def stop(self) -> None:
        """Let a call of `hear` on another thread fail at once, and each later one; for good."""
        self._stop.cancel()

    def close(self) -> None:
        """End the process; nothing may be heard."""
        if self._process:
            self._process.close()
        self._process = None

    def _ask(self, decoded: bytes) -> bytes:
        was_idle = self._process is not None
        try:
            try:
                return self._running().ask(decoded)
            except BrokenPipeError:
                if not was_idle:
                    raise
            # It ended, being idle for long, just when it was asked.
            self.close()
            return self._running().ask(decoded)
        except OSError as error:
            self.close()
            if not self._stop.is_cancelled:
                _log.warning("the process that listens failed: %s", error)
            raise SoundUnavailable("listening", f"the process failed: {error}") from error

    def _running(self) -> Process:
        """Return the process, which `stop` ends."""
        if self._stop.is_cancelled:
            raise SoundUnavailable("listening", "the bot is stopping")
        if self._process is None or not self._process.is_running:
            self.close()
            self._process = self._start()
        self._stop.started(self._process)
        return self._process
