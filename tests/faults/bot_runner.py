"""Runs the bot with a sampler of its event loop.

python -m tests.faults.bot_runner FILE ARGUMENTS...

ARGUMENTS are those of `python -m bot`. FILE gets one line for each pause of the event loop of at
least MIN_PAUSE: the time of its end by CLOCK_MONOTONIC, its length, and the processor time of the
loop's thread in it, in seconds.
"""

import asyncio
import sys
import time
from pathlib import Path
from typing import Any

from bot.cli.main import main
from bot.runtime import process

INTERVAL = 0.005
MIN_PAUSE = 0.02


async def sample(path: Path) -> None:
    """Write pauses until cancelled."""
    with path.open("a", encoding="utf-8", buffering=1) as file:
        last, used = time.monotonic(), time.thread_time()
        while True:
            await asyncio.sleep(INTERVAL)
            now, now_used = time.monotonic(), time.thread_time()
            if (pause := now - last - INTERVAL) >= MIN_PAUSE:
                file.write(f"{now:.4f} {pause:.4f} {now_used - used:.4f}\n")
            last, used = now, now_used


def watch(path: Path) -> None:
    """Let the sampler run beside the bot."""
    run = process.run

    async def run_sampled(*arguments: Any, **options: Any) -> None:
        sampler = asyncio.create_task(sample(path))
        try:
            await run(*arguments, **options)
        finally:
            sampler.cancel()

    process.run = run_sampled


if __name__ == "__main__":
    watch(Path(sys.argv[1]))
    sys.exit(main(sys.argv[2:]))
