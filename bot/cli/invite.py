"""Command `invite`: the links that add the bot to a server, an account or a workspace."""

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
from model import folders

AUTHORIZE: Final = "https://discord.com/oauth2/authorize"

PERMISSIONS: Final[Mapping[str, int]] = {
    "add_reactions": 1 << 6,
    "view_channel": 1 << 10,
    "send_messages": 1 << 11,
    "attach_files": 1 << 15,
    "read_message_history": 1 << 16,
    "send_messages_in_threads": 1 << 38,
}
"""Permissions that the bot needs in a channel, as bits (Discord's documentation, "Permissions")."""

CREATE_APP: Final = "https://api.slack.com/apps"
MANIFEST_NAME: Final = "slack-manifest.yaml"

GUILD_INSTALL: Final = "0"
USER_INSTALL: Final = "1"


def report() -> int:
    """Print both links; return 0, or 78 after a sentence if the application's id is unknown.

    DISCORD_APPLICATION_ID takes precedence over the id in DISCORD_TOKEN.
    """
    try:
        loaded = settings.load()
    except ConfigurationError as error:
        return _fail(str(error))
    application = loaded.discord_application_id
    if not application:
        if loaded.discord_token is None:
            return _fail(operator.INVITE_NEEDS_ID)
        application = application_id(loaded.discord_token.get_secret_value())
    if not application:
        return _fail(operator.DISCORD_TOKEN_MALFORMED)
    print(operator.discord_invite_links(to_server(application), to_account(application)))
    return 0


def manifest_file() -> Path:
    """Return the manifest of the Slack app: in a clone at the top, in a wheel beside this file."""
    packaged = Path(__file__).with_name(MANIFEST_NAME)
    return packaged if packaged.exists() else folders.SOURCE / MANIFEST_NAME


def report_slack(manifest: Path | None = None) -> int:
    """Print the link that creates the Slack app; return 0, or 78 without a manifest."""
    manifest = manifest or manifest_file()
    try:
        lines = manifest.read_text(encoding="utf-8").splitlines(keepends=True)
    except OSError:
        return _fail(operator.NO_MANIFEST)
    text = "".join(line for line in lines if not line.startswith("#"))
    print(
        operator.slack_app_link(f"{CREATE_APP}?{urlencode({'new_app': 1, 'manifest_yaml': text})}")
    )
    return 0


def application_id(token: str) -> str | None:
    """Return the id in the first part of a bot token, in base64; None for a malformed token.

    It is the bot's user id, which is also the application's id unless the bot was made before 2016.
    """
    first, _, rest = token.partition(".")
    try:
        found = base64.b64decode(first + "=" * (-len(first) % 4), "-_", validate=True).decode()
    except ValueError:
        return None
    valid = re.fullmatch(r"[\w-]+\.[\w-]+", rest, re.ASCII) and re.fullmatch("[0-9]{15,20}", found)
    return found if valid else None


def to_server(application: str) -> str:
    """Return the link that adds the bot to a server with the permissions it needs."""
    return _link(
        application,
        integration_type=GUILD_INSTALL,
        permissions=str(sum(PERMISSIONS.values())),
        scope="bot applications.commands",
    )


def to_account(application: str) -> str:
    """Return the link that installs the commands for one account."""
    return _link(application, integration_type=USER_INSTALL, scope="applications.commands")


def _link(application: str, **query: str) -> str:
    return f"{AUTHORIZE}?{urlencode({'client_id': application, **query})}"


def _fail(reason: str) -> int:
    print(reason, file=sys.stderr)
    return EX_CONFIG
