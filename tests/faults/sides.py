"""What experiments need of a platform, with people on it."""

import random
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Protocol

from tests.faults.bots import Bot
from tests.faults.tallies import Tally


class Side(Protocol):
    """A platform, people and the bot."""

    name: str
    bot: Bot

    def running(self, folder: Path) -> AbstractAsyncContextManager[Any]:
        """Serve the platform and the music service until the end of the block."""

    async def ready(self) -> bool:
        """Wait until the bot receives events; return whether its process runs."""

    def act(self, rng: random.Random) -> None:
        """Let a person do something."""

    def open_count(self) -> int:
        """Return the number of posts that may still be answered."""

    def remaining(self) -> int:
        """Return how much of what was accepted is not done yet."""

    def tally(self) -> Tally:
        """Compare what was accepted with what was done."""
