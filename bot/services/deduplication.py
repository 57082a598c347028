"""Handles each delivery once, across restarts and processes."""

from bot.domain.places import Place
from bot.domain.ports import EventLog
from bot.services.failures import value_or_none


class Deduplicator:
    """Recognises deliveries and deletions that were handled before.

    Methods about deliveries do not raise.
    """

    def __init__(self, events: EventLog) -> None:
        self._events = events

    async def first_time(self, place: Place, event_id: str) -> bool:
        """Store a delivery; return False if it was stored before.

        Returns True also if the database fails, as a repeated reply is better than none.
        """
        first = self._events.first_time(_event_key(place, event_id))
        return await value_or_none(first, f"message {event_id}") is not False

    async def was_handled(self, place: Place, event_id: str) -> bool:
        """Return whether a delivery was stored before, without storing it; raise StorageFailed."""
        return await self._events.known(_event_key(place, event_id))

    async def record_deletion(self, place: Place, message_id: str) -> None:
        """Store that a message was deleted; raise StorageFailed."""
        await self._events.first_time(_deletion_key(place, message_id))

    async def is_deleted(self, place: Place, message_id: str) -> bool:
        """Return whether a message is known to be deleted; raise StorageFailed."""
        return await self._events.known(_deletion_key(place, message_id))


def _event_key(place: Place, event_id: str) -> str:
    return f"{place}/{event_id}"


def _deletion_key(place: Place, message_id: str) -> str:
    return f"{_event_key(place, message_id)}/deleted"
