"""PostgreSQL: converts URLs as hosts provide them, sets driver options, recognises poolers."""

from time import monotonic
from typing import Any, Final
from urllib.parse import urlencode

from sqlalchemy import URL, ColumnElement, Engine, NullPool, event, func, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

NAMES: Final = frozenset({"postgres", "postgresql"})
"""Schemes of its URLs, before the name of a driver."""

DIALECT: Final = "postgresql"
DRIVER: Final = "postgresql+asyncpg"

WRITE_CONNECTIONS: Final = 4
"""Transactions at a time. Hosts allow as few as 20 connections, for several processes."""

MIGRATION_LOCK: Final = "SELECT pg_advisory_xact_lock(1197360455)"
"""Waits until no other process migrates. Version 0.1 takes the same lock for each write."""

MAX_IDLE: Final = 30.0
"""Seconds without use after which a connection is tested, as routers forget idle ones."""

CONNECT_TIMEOUT: Final = 10
"""Seconds."""

STATEMENT_TIMEOUT: Final = 60
"""Seconds, including the wait for locks."""

LIBPQ_PARAMETERS: Final = frozenset({"channel_binding", "connect_timeout"})
"""Parameters of libpq that asyncpg would send to the server, which rejects them."""


def prepare(url: URL, *, pooled: bool = True) -> tuple[URL, dict[str, Any]]:
    """Return the URL for SQLAlchemy and the arguments for the driver.

    The parameters are passed to the driver in a URL, as it then reads `sslmode` like libpq.

    Args:
        url: The URL as a host provides it.
        pooled: Whether prepared statements must not be kept, which costs a round trip each time.
    """
    query = {"sslmode" if key == "ssl" else key: value for key, value in url.query.items()}
    supported = {key: value for key, value in query.items() if key not in LIBPQ_PARAMETERS}
    arguments = {
        "dsn": f"postgresql://?{urlencode(supported, doseq=True)}",
        "timeout": CONNECT_TIMEOUT,
        "command_timeout": STATEMENT_TIMEOUT,
        "statement_cache_size": 0,  # SQLAlchemy has a cache of its own
    }
    if pooled:
        arguments |= {"prepared_statement_cache_size": 0, "prepared_statement_name_func": str}
    return url.set(drivername=DRIVER, query={}), arguments


async def is_pooled(url: URL) -> bool:
    """Return whether a pooler such as PgBouncer stands between us and the server.

    A pooler may execute each transaction on another connection to the server, where a prepared
    statement does not exist or is another one. It reports a process id that is not the server's.
    """
    url, arguments = prepare(url)
    engine = create_async_engine(
        url, poolclass=NullPool, connect_args=arguments, hide_parameters=True
    )
    async with engine.connect() as connection:
        process = await connection.scalar(text("SELECT pg_backend_pid()"))
        driver = (await connection.get_raw_connection()).driver_connection
        return bool(driver.get_server_pid() != process)  # type: ignore[union-attr]


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


def lock(name: ColumnElement[str] | str) -> ColumnElement[None]:
    """Return an expression that waits for a lock until the end of the transaction."""
    return func.pg_advisory_xact_lock(func.hashtextextended(name, 0))
