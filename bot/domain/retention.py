"""Port of the deletion of old rows."""

from datetime import datetime
from typing import Protocol


class RetentionStore(Protocol):
    """Deletes old rows. Methods return how many and raise StorageFailed."""

    async def prune(self, before: datetime) -> int:
        """Delete messages, summaries and answers older than `before`.

        Answers that a vote or label needs are kept.
        """

    async def prune_votes(self, before: datetime) -> int:
        """Delete votes older than `before`; the cards that they were given on stay as they are."""

    async def prune_events(self, now: datetime) -> int:
        """Delete the ids of events that are not delivered again."""
