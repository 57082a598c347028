"""Vote store: changes of ballots are appended, and SQL views derive the votes that count."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, Select, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.marks import EDITING, MAX_MARKS, Mark, reactions_on, refresh_jobs
from bot.domain.places import Place
from bot.domain.ports import DecideChanges, Now
from bot.domain.votes import Ballot, Forgotten, Selection, VoteChange, VoteKind, apply_changes
from bot.storage import postgres
from bot.storage.database import Database
from bot.storage.inbox_rows import SqlOutbox
from bot.storage.learning_tables import learned_notices
from bot.storage.predictions import is_in
from bot.storage.seen_events import note
from bot.storage.tables import feedback, messages, predictions, votes
from bot.storage.trainable_votes import is_sound
from model.sound.heard import Heard


class SqlVoteStore:
    """Implements the port `VoteStore`.

    A row of `feedback` adds or withdraws a selection. The view `votes` shows the selections that
    stand; the newest of a person for a track, on whichever card, has `standing` 1 and counts.

    In PostgreSQL, changes of a ballot wait for one another, so their ids are in the order of their
    commits.

    Args:
        database: The database.
        now: Clock.
        outbox: Takes the jobs that `forget` leaves; without one, it leaves none.
    """

    def __init__(self, database: Database, now: Now, outbox: SqlOutbox | None = None) -> None:
        self._database = database
        self._now = now
        self._outbox = outbox

    async def change(
        self, card_id: int, user: str, decide: DecideChanges, event_id: str | None = None
    ) -> Ballot:
        """Read a ballot, store the changes that `decide` returns, and return the new ballot.

        All in one transaction. Nothing changes when `event_id` was stored before. Raises
        StorageFailed, also if a card is unknown.
        """
        now = self._now()
        async with self._database.write() as connection:
            repeated = event_id is not None and not await note(connection, event_id, now)
            track = await _track_key(connection, card_id, lock_for=user)
            ballot = await _ballot(connection, track, user)
            if repeated:
                return ballot
            changes = list(decide(ballot))
            if changes:
                await connection.execute(insert(feedback), list(_rows(changes, user, now)))
            return apply_changes(ballot, changes)

    async def ballot(self, card_id: int, user: str) -> Ballot:
        """Return the ballot of `user` for the track of a card; raise StorageFailed."""
        async with self._database.read() as connection:
            return await _ballot(connection, await _track_key(connection, card_id), user)

    async def ballots_of(self, track_keys: Sequence[str], user: str) -> Mapping[str, Ballot]:
        """Return the ballots of `user` by track; those without a selection are left out.

        Raises StorageFailed.
        """
        of_tracks = votes.c.track_key.in_(track_keys) & (votes.c.user_hash == user)
        found: dict[str, list[Selection]] = {}
        async with self._database.read() as connection:
            for row in await connection.execute(
                select(votes).where(of_tracks).order_by(votes.c.id)
            ):
                found.setdefault(row.track_key, []).append(_selection(row))
        return {track: Ballot(tuple(selections)) for track, selections in found.items()}

    async def tally(self, card_id: int) -> Mapping[str, int]:
        """Count the votes given on a card that count for their voters, by genre, descending.

        Raises StorageFailed.
        """
        async with self._database.read() as connection:
            of_track = votes.c.track_key == await _track_key(connection, card_id)
            on_card = votes.c.prediction_id == card_id
            return await _count(connection, _voters().where(of_track, on_card))

    async def tally_of(self, track_key: str, place: Place) -> Mapping[str, int]:
        """Count those given on any card of a track in a place, the same way; raise StorageFailed.

        A vote counts where it was given: one in another place replaces it.
        """
        return (await self.tallies_of([track_key], place)).get(track_key, {})

    async def tallies_of(
        self, track_keys: Sequence[str], place: Place
    ) -> Mapping[str, Mapping[str, int]]:
        """Return `tally_of` of each track; those without votes are left out.

        Raises StorageFailed.
        """
        on_card = predictions.c.id == votes.c.prediction_id
        of_tracks = votes.c.track_key.in_(track_keys)
        statement = (
            _voters()
            .add_columns(votes.c.track_key)
            .join(predictions, on_card)
            .where(of_tracks, *is_in(predictions, place))
            .group_by(votes.c.track_key)
        )
        found: dict[str, dict[str, int]] = {}
        async with self._database.read() as connection:
            for row in await connection.execute(statement):
                found.setdefault(row.track_key, {})[row.genre] = row.voters
        return found

    async def forget(self, user: str, account: str = "") -> Forgotten:
        """Delete all votes and notices of `user`, their hash on messages, content of their files.

        Jobs that update the messages which display the votes are stored in the same transaction.
        Withdrawn selections are deleted but not counted. `account` is the platform's id of the
        person. Raises StorageFailed.
        """
        now = self._now()
        standing = select(votes).where(votes.c.user_hash == user).order_by(votes.c.id)
        async with self._database.write() as connection:
            if connection.dialect.name == postgres.DIALECT:
                await connection.execute(select(postgres.lock(user)))  # two could deadlock
            selections = [_selection(row) for row in await connection.execute(standing)]
            marks = await _marks(connection, user, selections)
            await connection.execute(delete(feedback).where(feedback.c.user_hash == user))
            await connection.execute(
                delete(learned_notices).where(learned_notices.c.user_hash == user)
            )
            await _forget_sounds(connection, user)
            await connection.execute(
                update(messages).where(messages.c.asker_hash == user).values(asker_hash=None)
            )
            if self._outbox:
                jobs = refresh_jobs(uuid4().hex, user, account, marks)
                await self._outbox.leave(connection, jobs, now)
        reactions = sum(one.kind is not VoteKind.CHOICE for one in selections)
        return Forgotten(len(selections), reactions, len(marks))


def _voters() -> Select[tuple[str, int]]:
    """Select the number of people by the genre that counts as their vote, descending."""
    count = func.count()
    return (
        select(votes.c.genre, count.label("voters"))
        .select_from(votes)
        .where(votes.c.standing == 1)
        .group_by(votes.c.genre)
        .order_by(count.desc(), votes.c.genre)
    )


async def _count(
    connection: AsyncConnection, statement: Select[tuple[str, int]]
) -> Mapping[str, int]:
    return {row.genre: row.voters for row in await connection.execute(statement)}


async def _marks(
    connection: AsyncConnection, user: str, selections: Sequence[Selection]
) -> Sequence[tuple[Place, Mark]]:
    """Return the newest messages that display a card with a vote of `user`, and can be edited."""
    if not selections:
        return []
    voted = select(votes.c.prediction_id).where(votes.c.user_hash == user)
    statement = (
        select(messages)
        .where(messages.c.platform.in_(EDITING), messages.c.prediction_id.in_(voted))
        .order_by(messages.c.id.desc())
        .limit(MAX_MARKS)
    )
    reactions = reactions_on(selections)
    return [
        (
            Place(row.platform, row.workspace, row.channel),
            Mark(row.message_id, row.prediction_id, reactions.get(row.prediction_id, ())),
        )
        for row in await connection.execute(statement)
    ]


async def _forget_sounds(connection: AsyncConnection, user: str) -> None:
    """Delete names, tags and embeddings of the sound files of a person; their answers stay."""
    asked = select(messages.c.prediction_id).where(messages.c.asker_hash == user)
    of_files = predictions.c.id.in_(asked) & is_sound(predictions.c.track_key)
    columns = select(predictions.c.id, predictions.c.track, predictions.c.heard)
    for row in (await connection.execute(columns.where(of_files))).all():
        heard = Heard.from_dict(row.heard).without_content().to_dict() if row.heard else None
        track = {**row.track, "title": "", "artists": []}
        change = update(predictions).where(predictions.c.id == row.id)
        await connection.execute(change.values(track=track, heard=heard))


async def _track_key(
    connection: AsyncConnection, card_id: int, lock_for: str | None = None
) -> str | None:
    """Return the key of the track of a card.

    As a literal in a condition, SQLite reads the votes for that track only; with a subquery, all.

    Args:
        connection: The connection.
        card_id: The card.
        lock_for: User whose ballot for the track no other transaction changes until the end of this
            one. SQLite has one transaction at a time, so only PostgreSQL needs a lock.
    """
    columns: list[Any] = [predictions.c.track_key]
    if lock_for is not None and connection.dialect.name == postgres.DIALECT:
        columns.append(postgres.lock(f"{lock_for} " + predictions.c.track_key))
    return await connection.scalar(select(*columns).where(predictions.c.id == card_id))


async def _ballot(connection: AsyncConnection, track: str | None, user: str) -> Ballot:
    of_track = (votes.c.user_hash == user) & (votes.c.track_key == track)
    rows = await connection.execute(select(votes).where(of_track).order_by(votes.c.id))
    return Ballot(tuple(_selection(row) for row in rows))


def _selection(row: Row[Any]) -> Selection:
    return Selection(row.prediction_id, VoteKind(row.kind), row.genre)


def _rows(changes: Iterable[VoteChange], user: str, now: datetime) -> Iterable[dict[str, Any]]:
    for change in changes:
        yield {
            "prediction_id": change.selection.card_id,
            "user_hash": user,
            "kind": change.selection.kind,
            "genre": change.selection.genre,
            "added": change.added,
            "at": now,
        }
