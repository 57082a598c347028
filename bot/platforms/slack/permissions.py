"""Who may change settings: owners and admins of the workspace, and the channel's creator."""

import logging
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.failures import FAILURES, error_code

ROLES: Final = ("is_owner", "is_primary_owner", "is_admin")

_log = logging.getLogger(__name__)


async def may_manage(client: AsyncWebClient, user: str, channel: str = "") -> bool:
    """Return whether a user may change the settings of a channel, or of the workspace.

    False if Slack does not answer. Without a channel, its creator has no special right.
    """
    try:
        info = (await client.users_info(user=user))["user"]
        if any(info.get(role) for role in ROLES):
            return True
        if not channel:
            return False
        channel_info = (await client.conversations_info(channel=channel))["channel"]
    except FAILURES as error:
        _log.info("settings: permissions are unknown: %s", error_code(error))
        return False
    return bool(channel_info.get("creator") == user)
