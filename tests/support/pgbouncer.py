"""PgBouncer in transaction mode in front of a PostgreSQL server of the tests."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

SERVER_CONNECTIONS: Final = 2
"""Fewer than the clients, so that they share connections."""

USER: Final = "nobody"
"""User of the process if the tests run as root, which PgBouncer refuses."""


def unavailable_reason() -> str | None:
    """Return why it cannot be started, else None."""
    return None if _program() else "no PgBouncer: apt-get install pgbouncer"


@contextmanager
def run_pgbouncer(server: Path) -> Iterator[Path]:
    """Run it in front of the server whose socket is in a folder; yield the folder of its socket."""
    program = _program()
    assert program
    folder = Path(tempfile.mkdtemp(prefix="soundslike-pgbouncer-"))
    (folder / "users").write_text('"bot" ""\n', encoding="ascii")
    configuration = folder / "pgbouncer.ini"
    configuration.write_text(
        f"""[databases]
* = host={server}
[pgbouncer]
listen_addr =
listen_port = 5432
unix_socket_dir = {folder}
auth_type = trust
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = {SERVER_CONNECTIONS}
""",
        encoding="utf-8",
    )
    user = USER if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    command = [program, str(configuration)]
    try:
        with subprocess.Popen(command, user=user, text=True, stderr=subprocess.PIPE) as process:
            assert process.stderr
            lines = []
            while "process up" not in (line := process.stderr.readline()):
                lines.append(line)
                assert line, "".join(lines)
            try:
                yield folder
            finally:
                process.kill()
    finally:
        shutil.rmtree(folder)


def _program() -> str | None:
    return shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
