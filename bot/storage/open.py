"""All stores at once, as the composition root wants them."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.ports import EventLog, FeedbackStore, MessageStore, Now, PredictionStore
from bot.storage.engine import open_database
from bot.storage.events import Events
from bot.storage.feedback import Feedback
from bot.storage.identity import load_hasher
from bot.storage.messages import Messages
from bot.storage.predictions import Predictions
from bot.values import Place


@dataclass(frozen=True, slots=True)
class Stores:
    """One adapter for each port; `hashed` turns a person's id in a place into their keyed hash."""

    predictions: PredictionStore
    messages: MessageStore
    feedback: FeedbackStore
    events: EventLog
    hashed: Callable[[Place, str], str]


def utc_now() -> datetime:
    """Return the present moment, in UTC."""
    return datetime.now(UTC)


@asynccontextmanager
async def open_stores(url: str, folder: Path, now: Now = utc_now) -> AsyncIterator[Stores]:
    """Open the database at `url` and the key in `folder`, making what is not there.

    Raises StorageFailed.
    """
    async with open_database(url, now) as database:
        yield Stores(
            predictions=Predictions(database, now),
            messages=Messages(database, now),
            feedback=Feedback(database, now),
            events=Events(database, now),
            hashed=load_hasher(folder).hash,
        )
