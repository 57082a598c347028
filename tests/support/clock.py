"""Manually advanced clock."""


class ManualClock:
    """Monotonic clock in seconds; a test advances `now`."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now
