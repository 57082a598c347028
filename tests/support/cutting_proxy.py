"""TCP proxy on loopback that cuts its connections after a number of bytes."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

BLOCK = 4096


class CuttingProxy:
    """Forwards connections to a port on loopback until `cut` is reached.

    Attributes:
        port: Its own port.
    """

    def __init__(self, target: int) -> None:
        self._target = target
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._left: dict[str, int] = {}
        self._is_cut = False
        self._open: set[socket.socket] = set()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()
        self.port: int = self._listening.getsockname()[1]

    def cut(self, direction: str, after: int) -> None:
        """Cut all connections once `after` more bytes went `up` or `down`; refuse new ones."""
        with self._lock:
            self._left = {direction: after}

    def mend(self) -> bool:
        """Forward again; return whether the line was cut."""
        with self._lock:
            was_cut, self._is_cut, self._left = self._is_cut, False, {}
        return was_cut

    def close(self) -> None:
        """Close all connections and wait for the threads."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._close_all()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            if self._is_cut:
                near.close()
                continue
            far = socket.create_connection(("127.0.0.1", self._target))
            with self._lock:
                self._open |= {near, far}
            for one, other, direction in ((near, far, "up"), (far, near, "down")):
                pump = threading.Thread(target=self._pump, args=(one, other, direction))
                self._threads.append(pump)
                pump.start()

    def _pump(self, source: socket.socket, target: socket.socket, direction: str) -> None:
        with suppress(OSError):
            while block := source.recv(BLOCK):
                allowed = self._count(direction, len(block))
                target.sendall(block[:allowed])
                if allowed < len(block):
                    self._close_all()
                    return
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        with self._lock:
            self._open -= {source, target}
        source.close()

    def _count(self, direction: str, size: int) -> int:
        """Return how many of these bytes may pass."""
        with self._lock:
            if self._is_cut:
                return 0
            if direction not in self._left:
                return size
            allowed = min(size, self._left[direction])
            self._left[direction] -= allowed
            self._is_cut = allowed < size
            return allowed

    def _close_all(self) -> None:
        with self._lock:
            closing, self._open = self._open, set()
        for one in closing:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


@contextmanager
def cutting_proxy(target: int) -> Iterator[CuttingProxy]:
    """Run a proxy to a port on loopback."""
    proxy = CuttingProxy(target)
    try:
        yield proxy
    finally:
        proxy.close()
