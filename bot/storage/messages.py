"""Message store: the bot's messages, the cards they display, and what they answer."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, delete, or_, select

from bot.domain.cards import Card
from bot.domain.places import Place
from bot.domain.ports import Now
from bot.storage.database import Database
from bot.storage.predictions import MAX_ID, card
from bot.storage.tables import messages, predictions

MESSAGE: Final = ("platform", "workspace", "channel", "message_id")
"""Columns that identify a message."""


class SqlMessageStore:
    """Implements the port `MessageStore`."""

    def __init__(self, database: Database, now: Now) -> None:
        self._database = database
        self._now = now

    async def remember(
        self,
        place: Place,
        message_id: str,
        card_id: int | None,
        *,
        asker: str,
        source: str,
        hidden: bool = False,
    ) -> None:
        """Store that `message_id` answers `source` of `asker` (a keyed hash).

        An earlier entry for the message is replaced. Raises StorageFailed, also if the card is
        unknown.
        """
        row = {
            **asdict(place),
            "message_id": message_id,
            "prediction_id": card_id,
            "source_id": source,
            "asker_hash": asker,
            "at": self._now(),
            "hidden": hidden,
        }
        statement = self._database.insert(messages).values(row)
        await self._database.execute(
            statement.on_conflict_do_update(index_elements=MESSAGE, set_=row)
        )

    async def find(self, place: Place, message_id: str) -> Card | None:
        """Return the card that a message displays; raise StorageFailed."""
        statement = select(predictions).join(messages).where(_is_message(place, message_id))
        async with self._database.read() as connection:
            row = (await connection.execute(statement)).mappings().first()
            return card(row) if row else None

    async def is_hidden(self, place: Place, message_id: str) -> bool:
        """Return whether a message of the bot is behind a spoiler; raise StorageFailed."""
        statement = select(messages.c.hidden).where(_is_message(place, message_id))
        async with self._database.read() as connection:
            return bool(await connection.scalar(statement))

    async def answers(
        self, place: Place, source: str, asker: str | None = None
    ) -> Sequence[tuple[str, int | None]]:
        """Return the answers to a message in their order: message id, and card id if any.

        With `asker`, only those that this person got. Raises StorageFailed.
        """
        statement = (
            select(messages.c.message_id, messages.c.prediction_id)
            .where(_is_in(place), messages.c.source_id == source, *_answers(asker))
            .order_by(messages.c.id)
        )
        async with self._database.read() as connection:
            return [
                (row.message_id, row.prediction_id) for row in await connection.execute(statement)
            ]

    async def places_of(self, platform: str, source: str) -> Sequence[Place]:
        """Return the places with answers to the message `source`; raise StorageFailed."""
        statement = (
            select(messages.c.platform, messages.c.workspace, messages.c.channel)
            .where(messages.c.platform == platform, messages.c.source_id == source)
            .distinct()
        )
        async with self._database.read() as connection:
            return [Place(*row) for row in await connection.execute(statement)]

    async def asked(self, place: Place, message_id: str, asker: str) -> bool:
        """Return whether a message answers `asker`; raise StorageFailed."""
        statement = select(messages.c.asker_hash).where(_is_message(place, message_id))
        async with self._database.read() as connection:
            return bool(await connection.scalar(statement) == asker)

    async def asked_by(self, asker: str, limit: int) -> Sequence[Card]:
        """Return the latest cards that `asker` requested in any place, newest first.

        Raises StorageFailed.
        """
        statement = (
            select(messages.c.message_id, predictions)
            .join(predictions)
            .where(messages.c.asker_hash == asker)
            .order_by(messages.c.id.desc())
            .limit(limit)
        )
        return [card for _, card in await self._with_cards(statement)]

    async def displayed_to(self, place: Place, asker: str, card_id: int) -> bool:
        """Return whether a message in a place that answers `asker` displays a card.

        Raises StorageFailed.
        """
        displays = messages.c.prediction_id == card_id
        return card_id <= MAX_ID and await self._exists(_is_in(place), displays, *_answers(asker))

    async def sent_to(self, place: Place, asker: str, ending: str) -> bool:
        """Return whether a message in a place whose id has this ending answers `asker`.

        Raises StorageFailed.
        """
        has_ending = messages.c.message_id.endswith(ending, autoescape=True)
        return await self._exists(_is_in(place), has_ending, *_answers(asker))

    async def recent(
        self, place: Place, limit: int, asker: str | None = None
    ) -> Sequence[tuple[str, Card | None]]:
        """Return the latest messages of a place with the cards they display, oldest first.

        The card is None for a message without one. With `asker`, only those that answer this
        person. Raises StorageFailed.
        """
        columns = (messages.c.message_id, predictions)
        statement = select(*columns).select_from(messages).outerjoin(predictions)
        latest = statement.where(_is_in(place), *_answers(asker)).order_by(messages.c.id.desc())
        cards: dict[int, Card] = {}
        found: list[tuple[str, Card | None]] = []
        async with self._database.read() as connection:
            for row in (await connection.execute(latest.limit(limit))).mappings():
                card_id = row["id"]
                if card_id is not None and card_id not in cards:
                    cards[card_id] = card(row)
                found.append((row["message_id"], cards.get(card_id)))
        return found[::-1]

    async def latest(
        self, place: Place, track_key: str, since: datetime
    ) -> tuple[str, Card] | None:
        """Return the newest message since `since` that displays a card of a track in a place.

        Raises StorageFailed.
        """
        statement = (
            _cards_in(place)
            .where(predictions.c.track_key == track_key, messages.c.at >= since)
            .order_by(messages.c.at.desc(), messages.c.id.desc())
            .limit(1)
        )
        newest = await self._with_cards(statement)
        return newest[0] if newest else None

    async def drop(self, place: Place, message_id: str) -> Sequence[str]:
        """Delete a message of the bot, or the bot's answers to a message; return the latter.

        Raises StorageFailed.
        """
        answers = and_(_is_in(place), messages.c.source_id == message_id)
        related = or_(answers, _is_message(place, message_id))
        async with self._database.read() as connection:
            known = await connection.scalar(select(messages.c.id).where(related).limit(1))
        if known is None:
            return []  # the usual case, answered without the write lock
        columns = (messages.c.id, messages.c.message_id, messages.c.source_id)
        deleted = await self._database.execute(delete(messages).where(related).returning(*columns))
        return [row.message_id for row in sorted(deleted) if row.source_id == message_id]

    async def _exists(self, *conditions: ColumnElement[bool]) -> bool:
        statement = select(messages.c.id).where(*conditions).limit(1)
        async with self._database.read() as connection:
            return await connection.scalar(statement) is not None

    async def _with_cards(self, statement: Select[tuple[object, ...]]) -> list[tuple[str, Card]]:
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).mappings().all()
            return [(row["message_id"], card(row)) for row in rows]


def _cards_in(place: Place) -> Select[tuple[object, ...]]:
    """Return the query for the messages of a place with the cards they display."""
    return select(messages.c.message_id, predictions).join(predictions).where(_is_in(place))


def _is_in(place: Place) -> ColumnElement[bool]:
    return and_(*(messages.c[name] == value for name, value in asdict(place).items()))


def _answers(asker: str | None) -> Iterator[ColumnElement[bool]]:
    """Yield the condition on messages that answer `asker`; none for None."""
    if asker is not None:
        yield messages.c.asker_hash == asker


def _is_message(place: Place, message_id: str) -> ColumnElement[bool]:
    return and_(_is_in(place), messages.c.message_id == message_id)
