"""PostgreSQL: converts URLs as hosts provide them, sets driver options, checks connections."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any, Final
from urllib.parse import urlencode

from sqlalchemy import URL, ColumnElement, Engine, event, func
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

NAMES: Final = frozenset({"postgres", "postgresql"})
"""Schemes of its URLs, before the name of a driver."""

DIALECT: Final = "postgresql"
DRIVER: Final = "postgresql+asyncpg"

WRITE_CONNECTIONS: Final = 4
"""Transactions at a time. Hosts allow as few as 20 connections, for several processes."""

MIGRATION_LOCK: Final = "SELECT pg_advisory_xact_lock(1197360455)"
"""Waits until no other process migrates. Version 0.1 takes the same lock for each write."""

DEADLOCK: Final = "40P01"
"""SQLSTATE; the server ends one of the transactions that wait for each other."""

MAX_IDLE: Final = 30.0
"""Seconds without use after which a connection is tested, as routers forget idle ones."""

CONNECT_TIMEOUT: Final = 10
"""Seconds."""

STATEMENT_TIMEOUT: Final = 60
"""Seconds, including the wait for locks."""

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
        # Prepared statements get no names, as PgBouncer in transaction mode executes each
        # transaction on any of its connections. asyncpg parses them again in the same round trip.
        "statement_cache_size": 0,
    }


def replace_lost_connections(engine: Engine) -> None:
    """Make a pool replace connections that were closed, or do not answer after MAX_IDLE.

    `pool_pre_ping` would take up to four round trips each time.
    """
    event.listen(engine, "checkin", _note_time)
    event.listen(engine, "checkout", _check)


def _note_time(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    record.info["used_at"] = monotonic()


def _check(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
    if connection.driver_connection.is_closed():
        raise DisconnectionError
    if monotonic() - record.info.get("used_at", monotonic()) > MAX_IDLE:
        try:
            connection.ping()
        except Exception as error:
            raise DisconnectionError from error


@contextmanager
def deadlock_suppressed() -> Iterator[None]:
    """Suppress the error of a statement that the server rolled back because of a deadlock.

    Statements on several rows may lock them in different orders.
    """
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != DEADLOCK:
            raise


def lock(name: ColumnElement[str] | str) -> ColumnElement[None]:
    """Return an expression that waits for a lock until the end of the transaction."""
    return func.pg_advisory_xact_lock(func.hashtextextended(name, 0))
