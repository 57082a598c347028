"""Messages for the operator: command output, start-up errors and log lines."""

from collections.abc import Mapping
from typing import Final

from bot.domain.errors import SoundslikeError

SETTING_HINTS: Final[Mapping[str, str]] = {
    "DISCORD_TOKEN": "make an application at https://discord.com/developers/applications, "
    "open Bot, and reset its token",
    "SLACK_BOT_TOKEN": "install your app at https://api.slack.com/apps, then OAuth & Permissions; "
    "it starts with xoxb-",
    "SLACK_APP_TOKEN": "https://api.slack.com/apps, Basic Information, App-Level Tokens, scope "
    "connections:write; it starts with xapp-",
    "SLACK_SIGNING_SECRET": "https://api.slack.com/apps, Basic Information; only for HTTP events",
    "SLACK_CLIENT_ID": "only for many workspaces; https://api.slack.com/apps, Basic Information",
    "SLACK_CLIENT_SECRET": "only for many workspaces; beside the client id",
    "SLACK_TOKEN_KEY": "only for many workspaces, whose tokens it encrypts; `openssl rand -hex 32` "
    "makes one",
    "SPOTIFY_CLIENT_ID": "optional; https://developer.spotify.com/dashboard, its owner needs "
    "Spotify Premium",
    "SPOTIFY_CLIENT_SECRET": "optional; beside the client id",
}
"""How to obtain each secret, by variable."""

CHECK_SET: Final = "set"
CHECK_WRITABLE: Final = "opens and is writable"
CHECK_NO_STORE: Final = "not set; the bot uses the shipped model"
CHECK_READY: Final = "Ready: python -m bot run"
CHECK_NOT_READY: Final = "Not ready: fix what is marked ✗ above."

SLACK_NOT_SET: Final = (
    "Slack needs SLACK_BOT_TOKEN (or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET, for many workspaces) "
    "and SLACK_APP_TOKEN or SLACK_SIGNING_SECRET. docs/slack.md says how to get them."
)

DISCORD_TOKEN_MALFORMED: Final = (
    "DISCORD_TOKEN is not a bot token: one has three parts separated by dots. Copy it again from "
    "https://discord.com/developers/applications, page Bot; Reset Token shows a new one."
)
DISCORD_TOKEN_REJECTED: Final = (
    "Discord does not accept DISCORD_TOKEN. Reset it at "
    "https://discord.com/developers/applications, page Bot, and copy the new one"
)
DISCORD_TOKEN_ACCEPTED: Final = "Discord accepts DISCORD_TOKEN"
INTENT_GRANTED: Final = "granted: the bot sees pasted links"
INTENT_MISSING: Final = (
    "not granted, so the bot does not see links that people paste; commands, mentions and direct "
    "messages work. To grant it: https://discord.com/developers/applications, page Bot, "
    "Privileged Gateway Intents, Message Content Intent; then start the bot again"
)
NO_MANIFEST: Final = (
    "slack-manifest.yaml is missing: run this command in a checkout of the project, not in a "
    "container."
)
INVITE_NEEDS_ID: Final = (
    "To make the links I need DISCORD_TOKEN or DISCORD_APPLICATION_ID. "
    "docs/discord.md says how to get them."
)

HEALTH_FILE_NOT_SET: Final = "unknown: HEALTH_FILE is not set, so the bot writes no heartbeat"
FILE_NOT_EMPTY: Final = "the file exists and is not empty"


def startup_failure(error: SoundslikeError) -> str:
    """Return why the bot does not start."""
    return f"Soundslike cannot start: {str(error).rstrip('.')}."


def write_failed(error: OSError) -> str:
    """Return the message for a file that could not be written."""
    return f"I could not write {error.filename}: {error.strerror}."


def port_in_use(port: int) -> str:
    """Return the message for a web platform port in use."""
    return f"port {port} is in use by another program. Stop it, or set WEB_PORT to a free port"


def cannot_listen(prefix: str, host: str, port: int, why: object) -> str:
    """Return the message for an address that cannot be bound; {prefix}_HOST and _PORT set it."""
    return (
        f"the bot cannot listen on {host}, port {port}: {why}. {prefix}_HOST must be an address of "
        f"this computer, {prefix}_PORT a free port from 1024 to 65535"
    )


def output_failed(error: OSError) -> str:
    """Return the message for a failed write to standard output."""
    return f"the output was cut short: {error.strerror}"


def fetching_model(name: str, version: str, store: str) -> str:
    """Return the log line for a download that starts."""
    return f"fetching model {name} {version} from {store}"


def model_fetched(name: str, version: str) -> str:
    """Return the log line for a finished and verified download."""
    return f"fetched model {name} {version}"


def model_not_fetched(name: str, why: object) -> str:
    """Return the log line for a failed download."""
    return f"model {name} was not updated: {why}"


def model_copy_rejected(name: str, why: object) -> str:
    """Return the log line for a downloaded bundle that cannot be used."""
    return f"the downloaded copy of model {name} is unusable, using the shipped one: {why}"


def not_set(variable: str, partner: str | None) -> str:
    """Return that a setting is missing, which setting requires it, and how to obtain it."""
    needed = f", but {partner} is, which needs it" if partner else ""
    return f"not set{needed}. To get it: {SETTING_HINTS[variable]}"


def check_line(what: str, finding: str, *, ok: bool | None) -> str:
    """Format one finding of `check`; `ok` is None for optional settings and unknown results."""
    mark = {True: "✓", False: "✗", None: "–"}[ok]
    return f"{mark} {what}: {finding}"


def not_checked(why: object) -> str:
    """Return that a setting could not be verified."""
    return f"not checked: {why}"


def store_version(store: str, name: str, version: str) -> str:
    """Return the model version in the model store."""
    return f"{store} has {name} {version}"


def store_unavailable(why: object) -> str:
    """Return that the model store is unavailable."""
    return f"unavailable, the bot uses the model it has: {why}"


def discord_invite_links(server: str, account: str) -> str:
    """Return both links that install the bot on Discord."""
    return (
        f"To add the bot to a server (you need Manage Server there):\n{server}\n"
        f"To use its commands yourself, wherever you are:\n{account}"
    )


def slack_app_link(link: str) -> str:
    """Return the link that creates the app on Slack."""
    return (
        "To create the app on Slack, open this link and choose a workspace; docs/slack.md says "
        f"what comes next:\n{link}"
    )


def slack_token_rejected(variable: str, code: str) -> str:
    """Return that Slack rejects a token; `code` is Slack's error code."""
    hint = SETTING_HINTS[variable]
    return f"Slack does not accept {variable} ({code}). To get the right one: {hint}"


def slack_token_accepted(variable: str) -> str:
    """Return that Slack accepts a token."""
    return f"Slack accepts {variable}"


def no_heartbeat(file: object) -> str:
    """Return that the heartbeat file is missing or stale: the bot is stopped or hangs."""
    return f"no recent heartbeat in {file}"


def health_file_unusable(file: object, why: OSError) -> str:
    """Return that the heartbeat file cannot be written."""
    return f"HEALTH_FILE={file} cannot be used: {why.strerror or why}"


def ephemeral_disk_warning(folder: object, disk: str) -> str:
    """Return the warning for a data folder on an ephemeral disk."""
    return (
        f"DATA WILL BE LOST: {folder} is on {disk}, which is wiped at a restart or an update, with "
        "all votes and settings. Set DATABASE_URL=postgresql://... and USER_HASH_KEY, or set "
        "DATA_DIR to a folder on a volume"
    )
