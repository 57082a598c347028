"""Messages for the operator about files and what is stored in them."""

from collections.abc import Sequence


def rows_deleted(count: int, days: int) -> str:
    """Return the log line after old rows were deleted."""
    return f"deleted {count} rows older than {days} days (RETENTION_DAYS) from the database"


def votes_deleted(count: int, days: int) -> str:
    """Return the log line after old votes were deleted; `count` includes changes of votes."""
    return f"deleted {count} votes older than {days} days (FEEDBACK_DAYS) from the database"


def rows_not_deleted(why: object) -> str:
    """Return the log line if old rows could not be deleted."""
    return f"old rows were not deleted, and will be tomorrow: {why}"


def readable_by_others(files: Sequence[object]) -> str:
    """Return the warning that other users of the machine can read files with secrets or data."""
    names = " ".join(map(str, files))
    return f"other users of this machine can read {names}. To prevent it: chmod 600 {names}"
