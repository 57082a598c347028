"""PostgreSQL: converts URLs as hosts provide them, and sets driver options."""

from typing import Any, Final
from urllib.parse import urlencode

from sqlalchemy import URL

NAMES: Final = frozenset({"postgres", "postgresql"})
"""Schemes of its URLs, before the name of a driver."""

DRIVER: Final = "postgresql+asyncpg"

LOCK: Final = "SELECT pg_advisory_xact_lock(1197360455)"
"""Acquires a lock until the end of the transaction, so that one process writes at a time.

As in SQLite, ids are then in the order of commits, two processes that start at the same time do not
migrate twice, and what a transaction has read is unchanged when it writes. The number is arbitrary.
"""

CONNECT_TIMEOUT: Final = 10
"""Seconds."""

STATEMENT_TIMEOUT: Final = 60
"""Seconds, including the wait for LOCK."""

LIBPQ_PARAMETERS: Final = frozenset({"channel_binding", "connect_timeout"})
"""Parameters of libpq that asyncpg would send to the server, which rejects them."""


def prepare(url: URL) -> tuple[URL, dict[str, Any]]:
    """Return the URL for SQLAlchemy and the arguments for the driver.

    The parameters are passed to the driver in a URL, as it then reads `sslmode` like libpq.
    """
    query = {"sslmode" if key == "ssl" else key: value for key, value in url.query.items()}
    supported = {key: value for key, value in query.items() if key not in LIBPQ_PARAMETERS}
    return url.set(drivername=DRIVER, query={}), {
        "dsn": f"postgresql://?{urlencode(supported, doseq=True)}",
        "timeout": CONNECT_TIMEOUT,
        "command_timeout": STATEMENT_TIMEOUT,
    }
