"""A process of this program's own that answers one message at a time over pipes.

Own protocol, because the workers of concurrent.futures keep both ends of their queue open, so that
they outlive a parent that was killed, and import the parent's main module.
"""

import os
import select
import subprocess
import time
from contextlib import suppress

from bot.concurrency.worker_loop import LENGTH
from model import fresh_process


def is_supported() -> bool:
    """Return whether such processes can be used here; on Windows they cannot."""
    return hasattr(select, "poll")


class WorkerProcess:
    """A running process.

    Args:
        module: Name of the module whose function `main` calls `worker_loop.serve`.
        time_limit: Seconds for one message, with the start of the process.
    """

    def __init__(self, module: str, time_limit: float) -> None:
        self._time_limit = time_limit
        command = fresh_process.command(module)
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, bufsize=0)  # noqa: S603
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("pipes were asked for")
        self._messages, self._replies = self._process.stdin, self._process.stdout
        os.set_blocking(self._messages.fileno(), False)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def ask(self, message: bytes) -> bytes:
        """Return the reply to a message, empty if there is none; raise OSError.

        After an OSError the process is of no more use: a reply may still be on its way.
        """
        deadline = time.monotonic() + self._time_limit
        self._write(LENGTH.pack(len(message)), deadline)
        self._write(message, deadline)
        (length,) = LENGTH.unpack(self._read(LENGTH.size, deadline))
        return self._read(length, deadline)

    def kill(self) -> None:
        """Let a call of `ask` on another thread fail at once."""
        self._process.kill()

    def close(self) -> None:
        """End the process."""
        for pipe in (self._messages, self._replies):
            with suppress(OSError):
                pipe.close()
        self._process.kill()
        self._process.wait()

    def _write(self, data: bytes, deadline: float) -> None:
        ready, rest = select.poll(), memoryview(data)
        ready.register(self._messages, select.POLLOUT)
        while rest:
            self._wait(ready, deadline)
            rest = rest[self._messages.write(rest) or 0 :]

    def _read(self, length: int, deadline: float) -> bytes:
        ready = select.poll()
        ready.register(self._replies, select.POLLIN)
        data = b""
        while len(data) < length:
            self._wait(ready, deadline)
            part = self._replies.read(length - len(data))
            if not part:
                raise BrokenPipeError("the process ended")
            data += part
        return data

    def _wait(self, ready: "select.poll", deadline: float) -> None:
        if not ready.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise TimeoutError(f"no reply in {self._time_limit:g} s")
