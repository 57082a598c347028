"""How the bot behaves where."""

from dataclasses import asdict

from sqlalchemy import ColumnElement, and_, delete, insert, select

from bot.storage.database import Database
from bot.storage.tables import channel_settings
from bot.values import ChannelSettings, Mode, Place


class Settings:
    """A SettingsStore. A row whose channel is empty stands for a whole workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, place: Place) -> ChannelSettings:
        """Return a place's own settings, else its workspace's, else the defaults.

        Raises StorageFailed.
        """
        columns = channel_settings.c
        statement = (
            select(columns.mode, columns.reactions, columns.model)
            .where(_of_workspace(place), columns.channel.in_({place.channel, ""}))
            .order_by(columns.channel.desc())  # the empty one is the last
        )
        async with self._database.read() as connection:
            row = (await connection.execute(statement)).first()
            return (
                ChannelSettings(Mode(row.mode), row.reactions, row.model)
                if row
                else ChannelSettings()
            )

    async def put(self, place: Place, settings: ChannelSettings) -> None:
        """Set what holds in a place. Raises StorageFailed."""
        row = {**asdict(place), **asdict(settings)}
        async with self._database.write() as connection:
            await connection.execute(delete(channel_settings).where(_is(place)))
            await connection.execute(insert(channel_settings).values(row))

    async def clear(self, place: Place) -> None:
        """Let a place follow its workspace again; a workspace, and all its channels, defaults.

        Raises StorageFailed.
        """
        gone = _is(place) if place.channel else _of_workspace(place)
        async with self._database.write() as connection:
            await connection.execute(delete(channel_settings).where(gone))


def _of_workspace(place: Place) -> ColumnElement[bool]:
    columns = channel_settings.c
    return and_(columns.platform == place.platform, columns.workspace == place.workspace)


def _is(place: Place) -> ColumnElement[bool]:
    return and_(_of_workspace(place), channel_settings.c.channel == place.channel)
