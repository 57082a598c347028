"""Process that paints scenes: reads them from standard input, writes PNGs to standard output.

Each message is its length in 4 bytes, most significant first, and that many bytes. The reply to a
scene that cannot be painted is empty. The process ends when its input does, which is also the case
when its parent was killed, or after `MAX_IDLE` seconds without a scene.

    python -m bot.render.worker
"""

import select
import signal
import struct
import sys
from typing import Final

from bot.render.raster import Painter
from bot.render.scene import Scene

LENGTH: Final = struct.Struct(">I")
MAX_IDLE: Final = 60.0


def main() -> None:
    """Paint scenes until the input ends."""
    # Ctrl-C in a terminal reaches all processes; the parent closes the input when it is done.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    painter = Painter()
    source, target = sys.stdin.buffer, sys.stdout.buffer
    waiting = select.poll()
    waiting.register(source, select.POLLIN)
    # Nothing is read ahead between two scenes, as the parent waits for each reply.
    while waiting.poll(MAX_IDLE * 1000):
        head = source.read(LENGTH.size)
        if len(head) < LENGTH.size:
            return
        picture = _paint(painter, source.read(*LENGTH.unpack(head)))
        target.write(LENGTH.pack(len(picture)) + picture)
        target.flush()


def _paint(painter: Painter, scene: bytes) -> bytes:
    try:
        return painter.paint(Scene.from_json(scene))
    except Exception:  # noqa: BLE001 - the parent paints it then, and reports the error
        return b""


if __name__ == "__main__":
    main()
