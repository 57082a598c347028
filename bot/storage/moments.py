"""Times as databases return them."""

from datetime import UTC, datetime


def as_utc(moment: datetime) -> datetime:
    """Return a stored time with its time zone: SQLite returns UTC without saying so."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
