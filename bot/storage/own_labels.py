"""Store of the labels that workspaces teach."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, RowMapping, Select, and_, delete, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.own_labels import (
    MAX_EXAMPLES,
    MAX_LABELS,
    Example,
    LabelProblem,
    LabelRefused,
    OwnLabel,
    folded,
)
from bot.domain.places import Place
from bot.domain.ports import Now
from bot.storage.database import Database
from bot.storage.learning_tables import own_label_examples, own_labels
from model.schema import NAMES

_LABEL: Final = own_labels.c
_EXAMPLE: Final = own_label_examples.c


class SqlOwnLabelStore:
    """Implements the port `OwnLabelStore`.

    Two processes that add a label at once may exceed MAX_LABELS by one in PostgreSQL, which does no
    harm.
    """

    def __init__(self, database: Database, now: Now) -> None:
        self._database = database
        self._now = now

    async def of(self, place: Place) -> Sequence[OwnLabel]:
        """Return the labels of a workspace, the first named first; raise StorageFailed."""
        async with self._database.read() as connection:
            return await _labels(connection, _of_workspace(place))

    async def teach(self, place: Place, name: str, example: Example) -> OwnLabel:
        """Add a song to a label, which is created if there is none; return the label.

        A song that it has already is measured anew. Raises LabelRefused and StorageFailed.
        """
        async with self._database.write() as connection:
            label_id = await self._label(connection, place, name)
            count = await _count(
                connection,
                select(_EXAMPLE.track_key).where(
                    _EXAMPLE.label_id == label_id, _EXAMPLE.track_key != example.track_key
                ),
            )
            if count >= MAX_EXAMPLES:
                raise LabelRefused(LabelProblem.TOO_MANY_SONGS, name)
            measured = {feature: example.features.get(feature) for feature in NAMES}
            row = {
                "label_id": label_id,
                "track_key": example.track_key,
                "song": example.song,
                "at": self._now(),
            }
            statement = self._database.insert(own_label_examples).values(row | measured)
            await connection.execute(
                statement.on_conflict_do_update(
                    index_elements=own_label_examples.primary_key,
                    set_={"song": example.song, **measured},
                )
            )
            (label,) = await _labels(connection, _LABEL.id == label_id)
            return label

    async def forget_label(self, place: Place, name: str) -> bool:
        """Delete a label with its songs; return whether there was one; raise StorageFailed."""
        async with self._database.write() as connection:
            return bool(await _delete(connection, _named(place, name)))

    async def forget_song(self, place: Place, name: str, track_key: str) -> bool:
        """Remove a song from a label; return whether it had it; raise StorageFailed.

        A label without songs is deleted.
        """
        label = _named(place, name)
        async with self._database.write() as connection:
            # Locked, so that a song which is taught meanwhile does not lose its label.
            ids = (await connection.execute(select(_LABEL.id).where(label).with_for_update())).all()
            found = await connection.execute(
                delete(own_label_examples).where(
                    _EXAMPLE.label_id.in_([one for (one,) in ids]),
                    _EXAMPLE.track_key == track_key,
                )
            )
            empty = ~exists().where(_EXAMPLE.label_id == _LABEL.id)
            await connection.execute(delete(own_labels).where(label, empty))
            return bool(found.rowcount)

    async def clear(self, place: Place) -> int:
        """Delete all labels of a workspace; return how many; raise StorageFailed."""
        async with self._database.write() as connection:
            return await _delete(connection, _of_workspace(place))

    async def _label(self, connection: AsyncConnection, place: Place, name: str) -> int:
        """Return the id of a label, locked until the transaction ends."""
        statement = select(_LABEL.id).where(_named(place, name)).with_for_update()
        if (found := await connection.scalar(statement)) is not None:
            return int(found)
        if await _count(connection, select(_LABEL.id).where(_of_workspace(place))) >= MAX_LABELS:
            raise LabelRefused(LabelProblem.TOO_MANY_LABELS, name)
        row = {
            "platform": place.platform,
            "workspace": place.workspace,
            "name": name,
            "folded": folded(name),
            "at": self._now(),
        }
        # Another process may have created it since.
        key = [_LABEL.platform, _LABEL.workspace, _LABEL.folded]
        await connection.execute(
            self._database.insert(own_labels).values(row).on_conflict_do_nothing(index_elements=key)
        )
        return int((await connection.execute(statement)).scalar_one())


async def _labels(connection: AsyncConnection, where: ColumnElement[bool]) -> list[OwnLabel]:
    """Return labels with their examples, in the order in which both were stored."""
    statement = (
        select(_LABEL.id, _LABEL.name, *(c for c in _EXAMPLE if c.name not in {"label_id", "at"}))
        .join(own_label_examples, _EXAMPLE.label_id == _LABEL.id)
        .where(where)
        .order_by(_LABEL.id, _EXAMPLE.at, _EXAMPLE.track_key)
    )
    found: dict[int, tuple[str, list[Example]]] = {}
    for row in (await connection.execute(statement)).mappings():
        found.setdefault(row["id"], (row["name"], []))[1].append(_example(row))
    return [OwnLabel(name, tuple(examples)) for name, examples in found.values()]


def _example(row: RowMapping) -> Example:
    features = {name: row[name] for name in NAMES if row[name] is not None}
    return Example(row["track_key"], row["song"], features)


async def _delete(connection: AsyncConnection, where: ColumnElement[bool]) -> int:
    """Delete labels with their examples; return how many labels."""
    # Locked, so that no song is taught meanwhile.
    locked = await connection.execute(select(_LABEL.id).where(where).with_for_update())
    ids = [one for (one,) in locked]
    await connection.execute(delete(own_label_examples).where(_EXAMPLE.label_id.in_(ids)))
    await connection.execute(delete(own_labels).where(_LABEL.id.in_(ids)))
    return len(ids)


async def _count(connection: AsyncConnection, rows: Select[Any]) -> int:
    counted = await connection.scalar(select(func.count()).select_from(rows.subquery()))
    return int(counted or 0)


def _of_workspace(place: Place) -> ColumnElement[bool]:
    return and_(_LABEL.platform == place.platform, _LABEL.workspace == place.workspace)


def _named(place: Place, name: str) -> ColumnElement[bool]:
    return and_(_of_workspace(place), _LABEL.folded == folded(name))
