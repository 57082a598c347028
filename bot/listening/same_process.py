"""Listens in the bot's own process, on systems where `WorkerProcess` cannot be used (Windows)."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.listening.worker import Answer


class SameProcess:
    """Answers as `bot.listening.worker` does, on the thread that asks. Not thread-safe."""

    is_running = True

    def __init__(self) -> None:
        self._answer: Answer | None = None

    def ask(self, message: bytes) -> bytes:
        """Return the reply to a decoded sound."""
        if self._answer is None:
            # The networks take half a second to import.
            from bot.listening import worker

            self._answer = worker.load()
        return self._answer(message)

    def kill(self) -> None:
        """Do nothing: a sound is heard to its end, which takes about a second."""

    def close(self) -> None:
        """Free the networks."""
        self._answer = None
