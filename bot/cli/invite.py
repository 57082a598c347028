"""`python -m bot invite`: the links that add the bot to a server, an account or a workspace."""

import base64
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from bot.domain.errors import EX_CONFIG, ConfigurationError
from bot.runtime import settings
from bot.texts import operator

AUTHORIZE: Final = "https://discord.com/oauth2/authorize"

PERMISSIONS: Final[Mapping[str, int]] = {
    "add_reactions": 1 << 6,
    "view_channel": 1 << 10,
    "send_messages": 1 << 11,
    "attach_files": 1 << 15,
    "read_message_history": 1 << 16,
    "send_messages_in_threads": 1 << 38,
}
"""All that the bot needs in a channel, with the bits of Discord's documentation ("Permissions")."""

CREATE: Final = "https://api.slack.com/apps"
MANIFEST: Final = Path(__file__).parents[2] / "slack-manifest.yaml"
"""What Slack is to make; containers do without it."""

GUILD_INSTALL: Final = "0"
USER_INSTALL: Final = "1"


def report() -> int:
    """Print both links; returns 0, or 78 and one sentence when the application cannot be known.

    DISCORD_APPLICATION_ID, where it is set, comes before the id in DISCORD_TOKEN.
    """
    try:
        known = settings.load()
    except ConfigurationError as error:
        return _refuse(str(error))
    found = known.discord_application_id
    if not found:
        if known.discord_token is None:
            return _refuse(operator.INVITE_NEEDS_ID)
        found = application_id(known.discord_token.get_secret_value())
    if not found:
        return _refuse(operator.DISCORD_DAMAGED)
    print(operator.invite(to_server(found), to_account(found)))
    return 0


def report_slack(manifest: Path = MANIFEST) -> int:
    """Print the link that creates the app on Slack; returns 0, or 78 without a manifest."""
    try:
        lines = manifest.read_text(encoding="utf-8").splitlines(keepends=True)
    except OSError:
        return _refuse(operator.NO_MANIFEST)
    text = "".join(line for line in lines if not line.startswith("#"))
    print(operator.create_slack_app(f"{CREATE}?{urlencode({'new_app': 1, 'manifest_yaml': text})}"))
    return 0


def application_id(token: str) -> str | None:
    """Read the id that a bot's token begins with, in base64; None when the token is damaged.

    It is the bot's user id, which is the application's too unless the bot is from before 2016.
    """
    first, _, rest = token.partition(".")
    try:
        found = base64.b64decode(first + "=" * (-len(first) % 4), "-_", validate=True).decode()
    except ValueError:
        return None
    whole = re.fullmatch(r"[\w-]+\.[\w-]+", rest, re.ASCII) and re.fullmatch("[0-9]{15,20}", found)
    return found if whole else None


def to_server(application: str) -> str:
    """Return the link that adds the bot to a server, with what it needs there and no more."""
    return _link(
        application,
        integration_type=GUILD_INSTALL,
        permissions=str(sum(PERMISSIONS.values())),
        scope="bot applications.commands",
    )


def to_account(application: str) -> str:
    """Return the link that lets one person use the commands everywhere."""
    return _link(application, integration_type=USER_INSTALL, scope="applications.commands")


def _link(application: str, **query: str) -> str:
    return f"{AUTHORIZE}?{urlencode({'client_id': application, **query})}"


def _refuse(why: str) -> int:
    print(why, file=sys.stderr)
    return EX_CONFIG
