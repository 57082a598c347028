"""What the handler of a job may raise when the job is not worked off."""

from collections.abc import Awaitable, Callable

from bot.domain.jobs import StoredJob

Handle = Callable[[StoredJob], Awaitable[None]]
"""Works off a job. Raises RetryLater, HandBack, Parked, or StorageFailed to be called again."""


class RetryLater(Exception):
    """The job waits for another one; the handler is called again after `seconds`."""

    def __init__(self, seconds: float = 1.0) -> None:
        super().__init__(f"again in {seconds:g} s")
        self.seconds = seconds


class HandBack(Exception):
    """The job is left to any process, this one included, after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds:g} s, by any process")
        self.seconds = seconds


class Lost(Exception):
    """Another process has taken the job, as this one could not extend its lease."""


class Parked(Exception):
    """The job stays in the inbox until a person releases it."""
