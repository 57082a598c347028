"""Measures writes a second to a PostgreSQL server that is 4 ms away, by several processes.

`python -m tests.faults.postgres_writes` prints the figures for 1, 2 and 4 processes. The mix of
writes is that of a paste with a vote: event, answer, message, vote.
"""

import asyncio
import sys
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Final

from sqlalchemy import make_url

from bot.domain.places import Place
from bot.domain.tracks import Track
from bot.storage.stores import Stores, open_stores
from tests.contract import postgres_server
from tests.support.latency_proxy import latency_proxy
from tests.support.store_values import JAZZ, answer_about, change_ballot

DELAY_S: Final = 0.002
"""Delay in each direction, in seconds."""

PASTES: Final = 16
"""Pastes that a process answers at a time."""

KEY: Final = "The key that the measurement hashes with"
ROOT: Final = Path(__file__).parents[2]


async def measure(processes: int, seconds: float) -> float:
    """Return the writes a second of `processes` that write for `seconds`, all together."""
    with postgres_server.run_server() as server:
        socket = server.folder / ".s.PGSQL.5432"
        async with latency_proxy(socket, DELAY_S) as port:
            url = make_url(server.migrated()).set(host="127.0.0.1", port=port, query={})
            address = url.render_as_string(hide_password=False)
            children = [await _start(address, number, seconds) for number in range(processes)]
            for child in children:
                await _read(child)  # it is connected
            for child in children:
                assert child.stdin
                child.stdin.write(b"go\n")
            written = [int(await _read(child)) for child in children]
            for child in children:
                assert await child.wait() == 0
    return sum(written) / seconds


async def _start(address: str, number: int, seconds: float) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.faults.postgres_writes", address, str(number), str(seconds)),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )


async def _read(child: asyncio.subprocess.Process) -> bytes:
    assert child.stdout
    line = await child.stdout.readline()
    assert line, "the process ended"
    return line


async def _write(address: str, process: str, seconds: float) -> None:
    """Write for `seconds` after a line from standard input; print how many writes were done."""
    async with open_stores(address, Path("/nonexistent"), key=KEY) as stores:
        await stores.events.first_time(f"start {process}")
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.readline)
        until = monotonic() + seconds
        pastes = [_paste_until(until, stores, f"{process}.{number}") for number in range(PASTES)]
        written = sum(await asyncio.gather(*pastes))
    sys.stdout.write(f"{written}\n")


async def _paste_until(until: float, stores: Stores, name: str) -> int:
    place = Place("slack", "T1", f"C{name}")
    user = stores.hash_user(place, name)
    written = 0
    for number in count():
        message = f"{name}.{number}"
        if not await stores.events.first_time(message):
            raise AssertionError(message)
        card = await stores.predictions.add(answer_about(Track(message)), place)
        await stores.messages.remember(place, message, card.id, asker=user, source=f"q{message}")
        await change_ballot(stores.votes, card.id, user, JAZZ, event_id=f"vote {message}")
        if monotonic() > until:
            return written
        written += 4
    raise AssertionError


async def _print_figures() -> None:
    for processes in (1, 2, 4):
        print(f"{processes} processes: {await measure(processes, 5):.0f} writes/s")  # noqa: T201


if __name__ == "__main__":
    match sys.argv[1:]:
        case [address, process, seconds]:
            asyncio.run(_write(address, process, float(seconds)))
        case _:
            asyncio.run(_print_figures())
