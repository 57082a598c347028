"""PostgreSQL: its URLs as hosts give them, and what its driver is told."""

from typing import Any, Final
from urllib.parse import urlencode

from sqlalchemy import URL

NAMES: Final = frozenset({"postgres", "postgresql"})
"""How its URLs may begin, before the name of a driver."""

DRIVER: Final = "postgresql+asyncpg"

LOCK: Final = "SELECT pg_advisory_xact_lock(1197360455)"
"""Waits until this process alone may write, and holds that until the transaction ends.

So it is as in SQLite: the order of ids is the order of commits, two programs that start at once do
not migrate twice, and what a transaction has read stays true until it writes. The number is ours.
"""

CONNECTING: Final = 10
"""How long connecting may take, in seconds."""

ANSWERING: Final = 60
"""How long a statement may take, waiting for LOCK included, in seconds."""

DRIVERS_OWN: Final = frozenset({"channel_binding", "connect_timeout"})
"""Parameters for the C library; ours would pass them on to the server, which knows none such."""


def prepare(url: URL) -> tuple[URL, dict[str, Any]]:
    """Return the URL for SQLAlchemy, and the arguments for the driver.

    The driver is given the parameters as part of a URL of its own, as it then reads `sslmode` and
    the like as the C library does.
    """
    query = {"sslmode" if key == "ssl" else key: value for key, value in url.query.items()}
    kept = {key: value for key, value in query.items() if key not in DRIVERS_OWN}
    return url.set(drivername=DRIVER, query={}), {
        "dsn": f"postgresql://?{urlencode(kept, doseq=True)}",
        "timeout": CONNECTING,
        "command_timeout": ANSWERING,
    }
