"""The App Home: figures, latest tracks, settings."""

import logging

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.channel_settings import Mode, SettingsChange
from bot.domain.statistics import WorkspaceStats
from bot.platforms.slack import ids, present
from bot.platforms.slack.failures import FAILURES, code
from bot.platforms.slack.permissions import may_manage
from bot.services.handlers import SharedHandlers

_log = logging.getLogger(__name__)


class AppHome:
    """Shows each person their App Home."""

    def __init__(self, handlers: SharedHandlers) -> None:
        self._room = handlers.room

    async def show(self, client: AsyncWebClient, team: str, user: str) -> None:
        """Publish the page anew."""
        workspace = ids.place(team, "")
        found = await self._room.stats(workspace)
        blocks = present.home(
            list(await self._room.lately(workspace, user)),
            found if isinstance(found, WorkspaceStats) else None,
            await self._room.settings(workspace),
            manages=await may_manage(client, user),
        )
        try:
            await client.views_publish(user_id=user, view={"type": "home", "blocks": blocks})
        except FAILURES as error:
            _log.warning("app home: not shown: %s", code(error))

    async def change(self, client: AsyncWebClient, team: str, user: str, mode: str) -> None:
        """Set when the bot answers in the whole workspace, for who may, and show it."""
        workspace = ids.place(team, "")
        if mode in list(Mode) and await may_manage(client, user):
            await self._room.change(workspace, SettingsChange(mode=Mode(mode)))
        await self.show(client, team, user)
