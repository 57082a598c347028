"""asyncio building blocks: single flight, rate limiter, debouncer, keyed locks, task tracker."""

from typing import Final

MAX_CONCURRENT_MESSAGES: Final = 4
"""Messages processed at once; a hundred in one pass of the event loop would block it."""
