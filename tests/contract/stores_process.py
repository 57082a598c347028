"""A process of its own, told on standard input what to do; it says on standard output what it did.

key              one folder a line: prints the hash of one person under the folder's key
open             one URL a line: opens it, prints `ready`, closes it at the next line
vote URL SEED    waits for a line, records VOTES random votes, prints `done`
take URL         waits for a line, takes SECRETS secrets, prints the names of those that it got
write URL        adds, remembers and votes without end, printing what it was told is on disk
"""

import asyncio
import random
import sys
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Final

from bot.storage.engine import open_database
from bot.storage.messages import SqlMessageStore
from bot.storage.predictions import SqlPredictionStore
from bot.storage.stores import open_vault
from bot.storage.user_hash import load_user_hasher
from bot.storage.votes import SqlVoteStore
from tests.contract.stores_values import (
    ALICE,
    ANSWER,
    BOB,
    FOLK,
    HERE,
    JAZZ,
    KEY,
    RIGHT,
    Choice,
    Ticking,
    record,
)

VOTES: Final = 100
SECRETS: Final = 100
CARDS: Final = 3
"""Cards 1 to CARDS are there to be voted on."""

Event = tuple[int, str, Choice, bool]


def script(seed: int) -> list[Event]:
    """Return the votes that the process with this seed gives: card id, user, choice, added."""
    dice = random.Random(seed)  # noqa: S311  repeatable, not secret
    return [
        (
            dice.randint(1, CARDS),
            dice.choice([ALICE, BOB]),
            dice.choice([RIGHT, JAZZ, FOLK]),
            dice.random() < 0.7,
        )
        for _ in range(VOTES)
    ]


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def key() -> None:
    say("started")
    for line in sys.stdin:
        say(load_user_hasher(Path(line.strip())).hash(HERE, "alice"))


async def open_each() -> None:
    say("started")
    for url in iter(sys.stdin.readline, ""):
        async with open_database(url.strip()):
            say("ready")
            sys.stdin.readline()
        say("alembic" if "alembic" in sys.modules else "no alembic")


async def vote(url: str, seed: int) -> None:
    async with open_database(url) as database:
        say("started")
        sys.stdin.readline()
        votes = SqlVoteStore(database, Ticking())
        for card_id, user, choice, added in script(seed):
            await record(votes, card_id, user, choice, added=added)
        say("done")


async def take(url: str) -> None:
    now = Ticking()
    async with open_vault(url, [KEY], now) as vault:
        say("started")
        sys.stdin.readline()
        since = now.time - timedelta(days=1)
        names = [str(number) for number in range(SECRETS)]
        say(" ".join([name for name in names if await vault.take(name, since) == name]))


async def write(url: str) -> None:
    now = Ticking()
    async with open_database(url) as database:
        for number in count():
            card = await SqlPredictionStore(database, now).add(ANSWER, HERE)
            say(f"card {card.id}")
            await SqlMessageStore(database, now).remember(
                HERE, f"m{number}", card.id, asker=ALICE, source=f"s{number}"
            )
            say(f"message m{number} {card.id}")
            await record(SqlVoteStore(database, now), card.id, ALICE, JAZZ, added=True)
            say(f"vote {card.id}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["key"]:
            key()
        case ["open"]:
            asyncio.run(open_each())
        case ["vote", address, seed]:
            asyncio.run(vote(address, int(seed)))
        case ["take", address]:
            asyncio.run(take(address))
        case ["write", address]:
            asyncio.run(write(address))
