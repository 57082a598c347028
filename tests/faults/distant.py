"""A PostgreSQL server at a distance, for experiments with many connections of their own.

python -m tests.faults.distant SOCKET SECONDS

prints the port of a proxy that delays each direction, and ends with its standard input. In a
process of its own, because the proxy's select() takes descriptors below 1,024 only.
"""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import make_url

from tests.contract import postgres_server
from tests.support.bot_process import ROOT
from tests.support.latency_proxy import latency_proxy

DELAY_SECONDS = 0.002
"""In each direction, so that a round trip takes 4 ms."""


@asynccontextmanager
async def distant_database() -> AsyncIterator[str]:
    """Run a server whose round trip takes 4 ms; yield the URL of an empty database."""
    with postgres_server.run_server() as server:
        socket = str(server.folder / ".s.PGSQL.5432")
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.faults.distant", socket, str(DELAY_SECONDS),
            cwd=ROOT, stdin=PIPE, stdout=PIPE,
        )  # fmt: skip
        assert process.stdout
        try:
            port = int(await process.stdout.readline())
            url = make_url(server.empty()).set(host="127.0.0.1", port=port, query={})
            yield url.render_as_string(hide_password=False)
        finally:
            await process.communicate(b"")


async def serve(socket: Path, delay: float) -> None:
    """Run the proxy until the end of standard input."""
    async with latency_proxy(socket, delay) as port:
        sys.stdout.write(f"{port}\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), float(sys.argv[2])))
