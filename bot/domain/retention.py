"""Port of the deletion of old rows."""

from datetime import datetime
from typing import Protocol


class RetentionStore(Protocol):
    """Deletes old rows. Methods return how many and raise StorageFailed."""

    async def prune(self, before: datetime) -> int:
        """Delete messages and answers older than `before` that no vote or label needs."""

    async def prune_events(self, now: datetime) -> int:
        """Delete the ids of events that are not delivered again."""
