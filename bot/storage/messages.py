"""Which message shows which card."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import ColumnElement, and_, delete, insert, select

from bot.ports import Now
from bot.storage.database import Database
from bot.storage.predictions import card
from bot.storage.tables import messages, predictions
from bot.values import Card, Place


class Messages:
    """A MessageStore."""

    def __init__(self, database: Database, now: Now) -> None:
        self._database = database
        self._now = now

    async def remember(self, place: Place, message_id: str, card_id: int, asker: str) -> None:
        """Note that `message_id` shows a card that `asker` (a keyed hash) asked for.

        A message shows one card: the one noted last. Raises StorageFailed, also when there is no
        such card.
        """
        row = {
            **asdict(place),
            "message_id": message_id,
            "prediction_id": card_id,
            "asker_hash": asker,
            "at": self._now(),
        }
        async with self._database.write() as connection:
            await connection.execute(delete(messages).where(_is_message(place, message_id)))
            await connection.execute(insert(messages).values(row))

    async def find(self, place: Place, message_id: str) -> Card | None:
        """Return the card that a message shows. Raises StorageFailed."""
        statement = select(predictions).join(messages).where(_is_message(place, message_id))
        async with self._database.read() as connection:
            row = (await connection.execute(statement)).mappings().first()
            return card(row) if row else None

    async def recent(self, place: Place, limit: int) -> Sequence[tuple[str, Card]]:
        """Return the latest messages of a place and their cards, oldest first.

        Raises StorageFailed.
        """
        statement = (
            select(messages.c.message_id, predictions)
            .join(predictions)
            .where(_is_in(place))
            .order_by(messages.c.id.desc())
            .limit(limit)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).mappings().all()
            return [(row["message_id"], card(row)) for row in reversed(rows)]


def _is_in(place: Place) -> ColumnElement[bool]:
    return and_(*(messages.c[name] == value for name, value in asdict(place).items()))


def _is_message(place: Place, message_id: str) -> ColumnElement[bool]:
    return and_(_is_in(place), messages.c.message_id == message_id)
