"""Process that tests control through standard input; it reports on standard output.

key              for each folder on a line: prints the hash of a user with the folder's key
open             for each URL on a line: opens it, prints `ready`, closes it at the next line,
                 prints whether Alembic is imported
vote URL SEED    waits for a line, records VOTES random votes, prints `done`
write URL        adds cards, messages and votes without end, printing each one after it is stored
"""

import asyncio
import random
import sys
from itertools import count
from pathlib import Path
from typing import Final

from bot.storage.engine import open_database
from bot.storage.messages import SqlMessageStore
from bot.storage.predictions import SqlPredictionStore
from bot.storage.user_hash import load_user_hasher
from bot.storage.votes import SqlVoteStore
from tests.support.store_values import (
    ALICE,
    ANSWER,
    BOB,
    FOLK,
    JAZZ,
    PLACE,
    RIGHT,
    KindAndGenre,
    TickingClock,
    change_ballot,
)

VOTES: Final = 100
CARDS: Final = 3
"""Cards 1 to CARDS exist."""

Event = tuple[int, str, KindAndGenre, bool]
"""Card id, user, choice, and whether it is added."""


def random_votes(seed: int) -> list[Event]:
    """Return the changes that the process with this seed stores."""
    generator = random.Random(seed)  # noqa: S311 - not for security
    return [
        (
            generator.randint(1, CARDS),
            generator.choice([ALICE, BOB]),
            generator.choice([RIGHT, JAZZ, FOLK]),
            generator.random() < 0.7,
        )
        for _ in range(VOTES)
    ]


def report(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def print_hashes() -> None:
    report("started")
    for line in sys.stdin:
        report(load_user_hasher(Path(line.strip())).hash(PLACE, "alice"))


async def open_databases() -> None:
    report("started")
    for url in iter(sys.stdin.readline, ""):
        async with open_database(url.strip()):
            report("ready")
            sys.stdin.readline()
        report("alembic" if "alembic" in sys.modules else "no alembic")


async def store_votes(url: str, seed: int) -> None:
    async with open_database(url) as database:
        report("started")
        sys.stdin.readline()
        votes = SqlVoteStore(database, TickingClock())
        for card_id, user, choice, added in random_votes(seed):
            await change_ballot(votes, card_id, user, choice, added=added)
        report("done")


async def write_forever(url: str) -> None:
    now = TickingClock()
    async with open_database(url) as database:
        for number in count():
            card = await SqlPredictionStore(database, now).add(ANSWER, PLACE)
            report(f"card {card.id}")
            await SqlMessageStore(database, now).remember(
                PLACE, f"m{number}", card.id, asker=ALICE, source=f"s{number}"
            )
            report(f"message m{number} {card.id}")
            await change_ballot(SqlVoteStore(database, now), card.id, ALICE, JAZZ, added=True)
            report(f"vote {card.id}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["key"]:
            print_hashes()
        case ["open"]:
            asyncio.run(open_databases())
        case ["vote", address, seed]:
            asyncio.run(store_votes(address, int(seed)))
        case ["write", address]:
            asyncio.run(write_forever(address))
