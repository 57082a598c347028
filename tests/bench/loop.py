"""How long the event loop stands still while cards are made; in a process with the bot alone.

A hundred people in a hundred channels paste a link at the same moment.

python -m tests.bench.loop FOLDER
"""

import asyncio
import gc
import json
import sys
import time
from collections.abc import Coroutine
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.domain.cards import Card, Theme
from bot.domain.places import Message, Place
from bot.runtime.composition import open_services
from bot.runtime.settings import Settings

CARDS = 100
LINK = "https://open.spotify.com/track/2YpeDb67231RjR0MgVLzsG"


@dataclass(frozen=True, slots=True)
class Pause:
    """The longest time between two turns of the loop, in seconds.

    `own` is the longest of which the process itself made use. The rest of a pause is other
    programs' turn on the processor, which the bot cannot help.
    """

    longest: float
    own: float


async def measure(folder: Path) -> tuple[Pause, Pause]:
    """Return the longest pause while cards are made and drawn, and idle for as long."""
    async with open_services(Settings(data_dir=folder)) as opened:
        services = opened.services
        gc.freeze()  # as the bot does

        async def one(number: int) -> None:
            asked = Message(Place("bench", "w", str(number)), str(number), str(number), LINK)
            (card,) = await services.group_chat.on_message(asked, addressed=False)
            assert isinstance(card, Card)
            assert await services.cards.chart(card, Theme.DARK)

        async def cards() -> None:
            await asyncio.gather(*(one(number) for number in range(CARDS)))

        began = time.perf_counter()
        busy = await longest_pause(cards())
        return busy, await longest_pause(asyncio.sleep(time.perf_counter() - began))


async def longest_pause(work: Coroutine[Any, Any, None]) -> Pause:
    """Await `work` while the loop turns as fast as it can."""
    task = asyncio.create_task(work)
    longest = own = 0.0
    last, last_used = time.perf_counter(), time.process_time()
    while not task.done():
        await asyncio.sleep(0)
        now, used = time.perf_counter(), time.process_time()
        longest = max(longest, now - last)
        own = max(own, min(now - last, used - last_used))
        last, last_used = now, used
    await task
    return Pause(longest, own)


if __name__ == "__main__":
    print(json.dumps([asdict(pause) for pause in asyncio.run(measure(Path(sys.argv[1])))]))
