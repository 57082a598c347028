"""Messages for the operator about files and what is stored in them."""


def rows_deleted(count: int, days: int) -> str:
    """Return the log line after old rows were deleted."""
    return f"deleted {count} rows older than {days} days (RETENTION_DAYS) from the database"


def rows_not_deleted(why: object) -> str:
    """Return the log line if old rows could not be deleted."""
    return f"old rows were not deleted, and will be tomorrow: {why}"


def readable_by_others(file: object) -> str:
    """Return the warning that other users of the machine can read a file with secrets or data."""
    return f"{file} can be read by other users of this machine; `chmod 600 {file}` prevents that"
