"""The side of a `WorkerProcess` that answers: reads messages, writes replies.

Each message is its length in 4 bytes, most significant first, and that many bytes.
"""

import select
import signal
import struct
import sys
from collections.abc import Callable
from io import BufferedReader
from typing import Final

LENGTH: Final = struct.Struct(">I")

MAX_IDLE: Final = 60.0
"""Seconds without a message after which a process ends."""


def serve(reply: Callable[[bytearray], bytes], max_idle: float = MAX_IDLE) -> None:
    """Answer messages from standard input on standard output, in a process of its own.

    The process ends when its input does, which is also the case when its parent was killed, or
    after `max_idle` seconds without a message.
    """
    # Ctrl-C in a terminal reaches all processes; the parent closes the input when it is done.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    target = sys.stdout.buffer
    waiting = select.poll()
    waiting.register(sys.stdin, select.POLLIN)
    with open(sys.stdin.fileno(), "rb", closefd=False) as source:
        # Nothing is read ahead between two messages, as the parent waits for each reply.
        while waiting.poll(max_idle * 1000):
            message = _read(source)
            if message is None:
                return
            answer = reply(message)
            del message
            target.write(LENGTH.pack(len(answer)) + answer)
            target.flush()


def _read(source: BufferedReader) -> bytearray | None:
    """Return the next message; None if the input ended."""
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    message = bytearray(*LENGTH.unpack(head))  # filled in place: read() would need twice the memory
    return message if source.readinto(message) == len(message) else None
