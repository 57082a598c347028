"""What the person who runs the bot reads on the command line."""

from collections.abc import Mapping
from typing import Final

from bot.domain.errors import SoundslikeError

HOW_TO: Final[Mapping[str, str]] = {
    "DISCORD_TOKEN": "make an application at https://discord.com/developers/applications, "
    "open Bot, and reset its token",
    "SLACK_BOT_TOKEN": "install your app at https://api.slack.com/apps, then OAuth & Permissions; "
    "it starts with xoxb-",
    "SLACK_APP_TOKEN": "https://api.slack.com/apps, Basic Information, App-Level Tokens, scope "
    "connections:write; it starts with xapp-",
    "SLACK_SIGNING_SECRET": "https://api.slack.com/apps, Basic Information; only for HTTP events",
    "SLACK_CLIENT_ID": "only for many workspaces; https://api.slack.com/apps, Basic Information",
    "SLACK_CLIENT_SECRET": "only for many workspaces; beside the client id",
    "SLACK_TOKEN_KEY": "only for many workspaces, whose tokens it seals; `openssl rand -hex 32` "
    "makes one",
    "SPOTIFY_CLIENT_ID": "optional; https://developer.spotify.com/dashboard, its owner needs "
    "Spotify Premium",
    "SPOTIFY_CLIENT_SECRET": "optional; beside the client id",
}
"""How an operator gets each secret."""

CHECK_SET: Final = "set"
CHECK_WRITABLE: Final = "opens, and can be written"
CHECK_NO_STORE: Final = "not set; the bot answers with the model that it came with"
CHECK_READY: Final = "Ready: python -m bot run"
CHECK_NOT_READY: Final = "Not ready: put right what is marked ✗ above."

SLACK_NOT_SET: Final = (
    "Slack needs SLACK_BOT_TOKEN (or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET, for many workspaces) "
    "and SLACK_APP_TOKEN or SLACK_SIGNING_SECRET. docs/slack.md says how to get them."
)

DISCORD_DAMAGED: Final = (
    "DISCORD_TOKEN is no bot token: it has three parts with dots between them. Copy it again from "
    "https://discord.com/developers/applications, page Bot; Reset Token shows a new one."
)
DISCORD_REFUSES: Final = (
    "Discord does not accept DISCORD_TOKEN. Reset it at "
    "https://discord.com/developers/applications, page Bot, and copy the new one"
)
DISCORD_ACCEPTS: Final = "Discord accepts DISCORD_TOKEN"
INTENT_GRANTED: Final = "granted: the bot sees pasted links"
INTENT_MISSING: Final = (
    "not granted, so the bot does not see links that people paste; commands, mentions and direct "
    "messages work. To grant it: https://discord.com/developers/applications, page Bot, "
    "Privileged Gateway Intents, Message Content Intent; then start the bot again"
)
NO_MANIFEST: Final = (
    "slack-manifest.yaml is not here: the link is made where the whole project is, not in a "
    "container."
)
INVITE_NEEDS_ID: Final = (
    "To make the links I need DISCORD_TOKEN or DISCORD_APPLICATION_ID. "
    "docs/discord.md says how to get them."
)

NO_HEALTH_FILE: Final = "not known: HEALTH_FILE is not set, so the bot gives no sign of life"
NOT_OURS: Final = "there is something in it already"


def refusal(error: SoundslikeError) -> str:
    """Tell an operator why the bot does not start."""
    return f"Soundslike cannot start: {str(error).rstrip('.')}."


def not_written(error: OSError) -> str:
    """Say that a file could not be written."""
    return f"I could not write {error.filename}: {error.strerror}."


def port_taken(port: int) -> str:
    """Say that something else listens where the local chat should."""
    return f"port {port} is taken by another program. Stop it, or set LOCAL_PORT to a free port"


def cannot_listen(prefix: str, host: str, port: int, why: object) -> str:
    """Say that an address cannot be had; PREFIX_HOST and PREFIX_PORT set it."""
    return (
        f"the bot cannot listen on {host}, port {port}: {why}. {prefix}_HOST must be an address of "
        f"this computer, {prefix}_PORT a free port from 1024 to 65535"
    )


def output_lost(error: OSError) -> str:
    """Say that standard output could not be written."""
    return f"the output was cut short: {error.strerror}"


def fetching_model(name: str, version: str, store: str) -> str:
    """Say which model is on its way."""
    return f"fetching model {name} {version} from {store}"


def model_fetched(name: str, version: str) -> str:
    """Say that it came, and was found to be right."""
    return f"model {name} {version} is here"


def model_not_fetched(name: str, why: object) -> str:
    """Say that the model store's newest cannot be had."""
    return f"model {name} stays as it is: {why}"


def model_passed_over(name: str, why: object) -> str:
    """Say that a copy from the model store cannot be served."""
    return f"the fetched copy of model {name} is not served, the shipped one is: {why}"


def not_set(variable: str, partner: str | None) -> str:
    """Say that a setting is not there, what misses it, and how to get it."""
    needed = f", but {partner} is, which is no use without it" if partner else ""
    return f"not set{needed}. To get it: {HOW_TO[variable]}"


def check_line(what: str, finding: str, *, fine: bool | None) -> str:
    """Report one finding of `check`; `fine` is None for what may be so or not."""
    mark = {True: "✓", False: "✗", None: "–"}[fine]
    return f"{mark} {what}: {finding}"


def not_checked(why: object) -> str:
    """Say that somebody else's service did not say whether a setting is right."""
    return f"not checked: {why}"


def store_answers(store: str, name: str, version: str) -> str:
    """Say what the model store has."""
    return f"{store} has {name} {version}"


def store_silent(why: object) -> str:
    """Say that the model store is of no use now."""
    return f"of no use now, the bot answers with the model that is here: {why}"


def invite(server: str, account: str) -> str:
    """Hand over both links that install the bot on Discord."""
    return (
        f"To add the bot to a server (you need Manage Server there):\n{server}\n"
        f"To use its commands yourself, wherever you are:\n{account}"
    )


def create_slack_app(link: str) -> str:
    """Hand over the link that creates the app on Slack."""
    return (
        "To create the app on Slack, open this link and choose a workspace; docs/slack.md says "
        f"what comes then:\n{link}"
    )


def slack_refuses(variable: str, code: str) -> str:
    """Say that Slack does not take a token."""
    return f"Slack does not accept {variable} ({code}). To get the right one: {HOW_TO[variable]}"


def slack_accepts(variable: str) -> str:
    """Say that Slack takes a token."""
    return f"Slack accepts {variable}"


def no_sign_of_life(file: object) -> str:
    """Say that the bot does not run, or hangs."""
    return f"the bot gives no sign of life in {file}"


def health_file_unusable(file: object, why: OSError) -> str:
    """Say that a sign of life cannot be given."""
    return f"HEALTH_FILE={file} cannot be used: {why.strerror or why}"


def wiped(folder: object, disk: str) -> str:
    """Warn that whatever the bot remembers will be lost."""
    return (
        f"WHAT THE BOT REMEMBERS WILL BE LOST: {folder} is on {disk}, which is wiped at a restart "
        "or an update, and with it every vote and setting. Set DATABASE_URL=postgresql://... and "
        "USER_HASH_KEY, or let DATA_DIR be a folder on a volume"
    )
