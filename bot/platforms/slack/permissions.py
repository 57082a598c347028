"""Who may change settings: owners and admins of the workspace, and the channel's creator."""

import logging
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.failures import FAILURES, code

ROLES: Final = ("is_owner", "is_primary_owner", "is_admin")

_log = logging.getLogger(__name__)


async def may_manage(client: AsyncWebClient, user: str, channel: str = "") -> bool:
    """Ask Slack about a person; without an answer, no. Without a channel its creator counts not."""
    try:
        about = (await client.users_info(user=user))["user"]
        if any(about.get(role) for role in ROLES):
            return True
        if not channel:
            return False
        info = (await client.conversations_info(channel=channel))["channel"]
    except FAILURES as error:
        _log.info("settings: nobody can tell who may change them: %s", code(error))
        return False
    return bool(info.get("creator") == user)
