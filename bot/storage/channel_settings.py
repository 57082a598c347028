"""Settings store: settings of channels and workspaces."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, delete, select

from bot.domain.channel_settings import ChannelSettings, Mode, SettingsChange
from bot.domain.places import Place
from bot.storage.database import Database
from bot.storage.tables import channel_settings

VALUES: Final = tuple(channel_settings.c[field.name] for field in fields(SettingsChange))


class SqlSettingsStore:
    """Implements the port `SettingsStore`. A row with an empty channel is a workspace's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, place: Place) -> ChannelSettings:
        """Return each setting of a place: its own, else its workspace's, else the default.

        Raises StorageFailed.
        """
        columns = channel_settings.c
        statement = (
            select(*VALUES)
            .where(_of_workspace(place), columns.channel.in_({place.channel, ""}))
            .order_by(columns.channel)  # the empty channel sorts first
        )
        values: dict[str, Any] = {}
        async with self._database.read() as connection:
            for row in (await connection.execute(statement)).mappings():
                values |= _given(row)
        if "mode" in values:
            values["mode"] = Mode(values["mode"])
        if "ignored_roles" in values:
            values["ignored_roles"] = frozenset(values["ignored_roles"])
        return ChannelSettings(**values)

    async def put(self, place: Place, change: SettingsChange) -> None:
        """Set the values that a change names; raise StorageFailed."""
        changed = _given(asdict(change))
        if change.ignored_roles is not None:
            changed["ignored_roles"] = sorted(change.ignored_roles)
        statement = self._database.insert(channel_settings).values(asdict(place) | changed)
        keys = channel_settings.primary_key
        await self._database.execute(
            statement.on_conflict_do_update(index_elements=keys, set_=changed)
            if changed
            else statement.on_conflict_do_nothing()
        )

    async def clear(self, place: Place) -> None:
        """Delete the settings of a channel, or those of a workspace and all its channels.

        Raises StorageFailed.
        """
        deleted = _is(place) if place.channel else _of_workspace(place)
        await self._database.execute(delete(channel_settings).where(deleted))


def _of_workspace(place: Place) -> ColumnElement[bool]:
    columns = channel_settings.c
    return and_(columns.platform == place.platform, columns.workspace == place.workspace)


def _is(place: Place) -> ColumnElement[bool]:
    return and_(_of_workspace(place), channel_settings.c.channel == place.channel)


def _given(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}
